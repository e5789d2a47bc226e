package org.layerbook.interpreter.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.build.BuildSettings;
import org.layerbook.interpreter.command.option.Options;

/** Reads {@code --secret} and {@code --ssh} of {@code docker build}. */
final class BuildSecrets {
    private BuildSecrets() {}

    static Map<String, BuildSettings.Secret> files(Options options, CommandContext context) throws CommandException {
        var secrets = new LinkedHashMap<String, BuildSettings.Secret>();
        for (String given : options.list("secret")) {
            Map<String, String> fields = BuildRequestReader.fields(given);
            String id = fields.getOrDefault("id", "");
            if (id.isEmpty()) {
                throw BuildRequestReader.failed(
                        "could not parse secrets: [" + given + "]: it looks like id=NAME,src=FILE");
            }
            Optional<String> file = Optional.ofNullable(fields.getOrDefault("src", fields.get("source")));
            Optional<String> variable = Optional.ofNullable(fields.get("env"));
            boolean ofEnvironment = variable.isPresent()
                    || file.isEmpty() && context.environment().containsKey(id);
            if (ofEnvironment) {
                String value = context.environment().getOrDefault(variable.orElse(id), "");
                secrets.put(id, new BuildSettings.Secret.Value(value));
            } else {
                Path path = context.resolve(file.orElse(id));
                if (!Files.isRegularFile(path)) {
                    throw BuildRequestReader.failed(
                            "failed to stat " + path + ": stat " + path + ": no such file or directory");
                }
                secrets.put(id, new BuildSettings.Secret.File(path));
            }
        }
        return secrets;
    }

    static Map<String, Path> agents(Options options, CommandContext context) throws CommandException {
        var sockets = new LinkedHashMap<String, Path>();
        for (String given : options.list("ssh")) {
            int equals = given.indexOf('=');
            String id = equals < 0 ? given : given.substring(0, equals);
            String socket =
                    equals < 0 ? context.environment().getOrDefault("SSH_AUTH_SOCK", "") : given.substring(equals + 1);
            if (socket.isEmpty()) {
                throw BuildRequestReader.failed("invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is set");
            }
            sockets.put(id, context.resolve(socket));
        }
        return sockets;
    }
}
