package org.layerbook.interpreter.command.build;

import java.util.List;
import org.layerbook.interpreter.command.builder.BuilderCommands;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;

/** The options of {@code docker build}: buildx's, and those of the older builder that tutorials still have. */
final class BuildOptions {
    static final List<OptionSpec> ALL = List.of(
            OptionSpec.text("call", "Set method for evaluating build (\"outline\", \"targets\") (default \"build\")"),
            OptionSpec.toggle("check", "Shorthand for \"--call=check\"").hiddenFromHelp(),
            list("add-host", "Add a custom host-to-IP mapping (format: \"host:ip\")"),
            strings("annotation", "Add annotation to the image"),
            strings("build-arg", "Set build-time variables"),
            strings("build-context", "Additional build contexts (e.g., name=path)"),
            BuilderCommands.BUILDER,
            strings("cache-from", "External cache sources (e.g., \"user/app:cache\", \"type=local,src=path/to/dir\")")
                    .images(),
            strings(
                    "cache-to",
                    "Cache export destinations (e.g., \"user/app:cache\", \"type=local,dest=path/to/dir\")"),
            OptionSpec.text('f', "file", "Name of the Dockerfile (default: \"PATH/Dockerfile\"); @ is this session")
                    .files(),
            OptionSpec.text("iidfile", "Write the image ID to a file").files(),
            strings("label", "Set metadata for an image"),
            OptionSpec.toggle("load", "Shorthand for \"--output=type=docker\" (always on)"),
            OptionSpec.text("metadata-file", "Write build result metadata to a file")
                    .files(),
            OptionSpec.text(
                            "network",
                            "Set the networking mode for the \"RUN\" instructions during build (default \"default\")")
                    .oneOf("default", "none", "host"),
            OptionSpec.toggle("no-cache", "Do not use cache when building the image"),
            strings("no-cache-filter", "Do not cache specified stages"),
            strings('o', "output", "Output destination (format: \"type=local,dest=path\")")
                    .files(),
            OptionSpec.of(Kind.COMMA_LIST, "stringArray", "platform", "Set target platform for build")
                    .oneOf("linux/amd64", "linux/arm64"),
            OptionSpec.text(
                            "progress",
                            "Set type of progress output (\"auto\", \"none\", \"plain\", \"quiet\", \"rawjson\", \"tty\"). Use plain to show container output (default \"auto\")")
                    .oneOf("auto", "plain", "quiet"),
            OptionSpec.toggle("pull", "Always attempt to pull all referenced images"),
            OptionSpec.toggle("push", "Shorthand for \"--output=type=registry\""),
            OptionSpec.toggle('q', "quiet", "Suppress the build output and print image ID on success"),
            strings("secret", "Secret to expose to the build (format: \"id=mysecret[,src=/local/secret]\")")
                    .files(),
            strings("ssh", "SSH agent socket or keys to expose to the build (format: \"default|<id>[=<socket>]\")"),
            OptionSpec.toggle("squash", "Squash newly built layers into a single new layer"),
            strings('t', "tag", "Image identifier (format: \"[registry/]repository[:tag]\")")
                    .images(),
            OptionSpec.text("target", "Set the target build stage to build"),
            accepted(Kind.LIST, "allow"),
            accepted(Kind.LIST, "attest"),
            accepted(Kind.TEXT, "cgroup-parent"),
            accepted(Kind.SWITCH, "compress"),
            accepted(Kind.NUMBER, "cpu-period"),
            accepted(Kind.NUMBER, "cpu-quota"),
            OptionSpec.of(Kind.NUMBER, "int", 'c', "cpu-shares", "").hiddenFromHelp(),
            accepted(Kind.TEXT, "cpuset-cpus"),
            accepted(Kind.TEXT, "cpuset-mems"),
            accepted(Kind.SWITCH, "disable-content-trust"),
            accepted(Kind.SWITCH, "force-rm"),
            accepted(Kind.TEXT, "isolation"),
            OptionSpec.of(Kind.BYTES, "bytes", 'm', "memory", "").hiddenFromHelp(),
            accepted(Kind.TEXT, "memory-swap"),
            accepted(Kind.TEXT, "provenance"),
            accepted(Kind.SWITCH, "rm"),
            accepted(Kind.TEXT, "sbom"),
            accepted(Kind.LIST, "security-opt"),
            OptionSpec.of(Kind.BYTES, "bytes", "shm-size", "Shared memory size for build containers"),
            OptionSpec.of(Kind.ULIMIT, "ulimit", "ulimit", "Ulimit options (default [])"));

    private BuildOptions() {}

    private static OptionSpec list(String name, String help) {
        return OptionSpec.of(Kind.COMMA_LIST, "strings", name, help);
    }

    private static OptionSpec strings(String name, String help) {
        return OptionSpec.of(Kind.LIST, "stringArray", name, help);
    }

    private static OptionSpec strings(char shorthand, String name, String help) {
        return OptionSpec.of(Kind.LIST, "stringArray", shorthand, name, help);
    }

    private static OptionSpec accepted(Kind kind, String name) {
        return OptionSpec.of(kind, "string", name, "").hiddenFromHelp();
    }
}
