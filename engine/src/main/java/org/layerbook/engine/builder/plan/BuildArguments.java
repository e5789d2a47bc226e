package org.layerbook.engine.builder.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.sandbox.ProcessSpec;

/** The arguments that a build has without any ARG: those about platforms, which an ARG brings into scope, and proxies. */
public final class BuildArguments {
    private static final List<String> PROXIES =
            List.of("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY");

    private BuildArguments() {}

    /**
     * In force for FROM lines, and for an ARG in a stage that names one of them without a default.
     *
     * @param target the stage that is built, where it has a name
     */
    static Environment automatic(BuildSettings settings, Optional<String> target) {
        Platform build = Platform.host();
        Platform wanted = settings.platform();
        Environment environment = Environment.EMPTY
                .with("BUILDPLATFORM", build.toString())
                .with("BUILDOS", build.os())
                .with("BUILDOSVERSION", "")
                .with("BUILDARCH", build.architecture())
                .with("BUILDVARIANT", build.variant().orElse(""))
                .with("TARGETPLATFORM", wanted.withOsVersion())
                .with("TARGETOS", wanted.os())
                .with("TARGETOSVERSION", wanted.osVersion().orElse(""))
                .with("TARGETARCH", wanted.architecture())
                .with("TARGETVARIANT", wanted.variant().orElse(""))
                .with("TARGETSTAGE", target.filter(t -> !t.isEmpty()).orElse("default"));
        for (String name : environment.names()) {
            String given = settings.buildArgs().get(name);
            environment = given == null ? environment : environment.with(name, given);
        }
        return environment;
    }

    /** What an ARG without a default finds: the automatic ones, and over them those that stand before the first FROM. */
    public static Environment global(BuildSettings settings, Optional<String> target, ArgScope declared) {
        Environment environment = automatic(settings, target);
        for (var entry : declared.values().entrySet()) {
            if (entry.getValue().isPresent()) {
                environment = environment.with(entry.getKey(), entry.getValue().get());
            }
        }
        return environment;
    }

    /** Which {@code BUILDKIT_SANDBOX_HOSTNAME} gives, for the machine that a RUN sees. */
    public static String hostname(BuildSettings settings) {
        String given = settings.buildArgs().getOrDefault("BUILDKIT_SANDBOX_HOSTNAME", "");
        return given.isEmpty() ? ProcessSpec.DEFAULT_HOSTNAME : given;
    }

    /** Of {@code BUILDKIT_CACHE_MOUNT_NS}: caches of other namespaces are other caches. */
    public static String cacheNamespace(BuildSettings settings) {
        return settings.buildArgs().getOrDefault("BUILDKIT_CACHE_MOUNT_NS", "");
    }

    /** The proxy settings among the build arguments, for every process, in both spellings. */
    public static Environment proxies(Map<String, String> buildArgs) {
        Environment environment = Environment.EMPTY;
        var names = new ArrayList<>(buildArgs.keySet());
        names.sort(null);
        for (String name : names) {
            String upper = name.toUpperCase(Locale.ROOT);
            String value = buildArgs.get(name);
            if (PROXIES.contains(upper) && !value.isEmpty()) {
                environment = environment.with(upper, value).with(upper.toLowerCase(Locale.ROOT), value);
            }
        }
        return environment;
    }
}
