package org.layerbook.interpreter.command.build;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.golang.CommaSeparated;
import org.layerbook.engine.golang.GoText;
import org.layerbook.interpreter.command.option.Options;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.command.spec.CommandException;

/** Reads {@code --secret} and {@code --ssh} of {@code docker build}. */
final class BuildSecrets {
    private static final String DEFAULT_AGENT = "default";

    private BuildSecrets() {}

    /** One {@code --secret}, as far as it can be read without looking at files. */
    private record Written(String id, String file, String variable) {
        static Written of(String given) throws CommandException {
            String id = "";
            String file = "";
            String variable = "";
            String type = "";
            for (String field : fields(given)) {
                int equals = field.indexOf('=');
                String key = (equals < 0 ? field : field.substring(0, equals)).toLowerCase(Locale.ROOT);
                if (equals < 0) {
                    throw BuildRequestReader.invalid("invalid field '" + field + "' must be a key=value pair");
                }
                String value = field.substring(equals + 1);
                switch (key) {
                    case "type" -> type = checkedType(value);
                    case "id" -> id = value;
                    case "source", "src" -> file = value;
                    case "env" -> variable = value;
                    default -> throw BuildRequestReader.invalid("unexpected key '" + key + "' in '" + field + "'");
                }
            }
            return type.equals("env") && variable.isEmpty()
                    ? new Written(id, "", file)
                    : new Written(id, file, variable);
        }

        private static List<String> fields(String given) throws CommandException {
            try {
                return CommaSeparated.fields(given);
            } catch (IllegalArgumentException e) {
                throw BuildRequestReader.invalid("failed to parse csv secret: " + e.getMessage());
            }
        }

        private static String checkedType(String type) throws CommandException {
            if (!type.equals("file") && !type.equals("env")) {
                throw BuildRequestReader.invalid("unsupported secret type " + GoText.quote(type));
            }
            return type;
        }
    }

    static Map<String, BuildSettings.Secret> files(Options options, CommandContext context) throws CommandException {
        var secrets = new LinkedHashMap<String, BuildSettings.Secret>();
        for (String given : options.list("secret")) {
            if (!given.isEmpty()) {
                Written written = Written.of(given);
                secrets.put(written.id(), secret(written, context));
            }
        }
        return secrets;
    }

    private static BuildSettings.Secret secret(Written written, CommandContext context) throws CommandException {
        String id = written.id();
        if (id.isEmpty()) {
            throw BuildRequestReader.failed("secret missing ID");
        }
        boolean said = !written.file().isEmpty() || !written.variable().isEmpty();
        boolean ofEnvironment = !said && context.environment().containsKey(id);
        String file = said || ofEnvironment ? written.file() : id;
        Path path = context.resolve(file);
        if (!file.isEmpty() && !Files.exists(path)) {
            throw BuildRequestReader.failed(
                    "failed to stat " + file + ": stat " + file + ": no such file or directory");
        }
        String variable = ofEnvironment ? id : written.variable();
        return variable.isEmpty()
                ? new BuildSettings.Secret.File(path)
                : new BuildSettings.Secret.Value(context.environment().getOrDefault(variable, ""));
    }

    /** {@code [ID[=SOCKET]]}. */
    static Map<String, Path> agents(Options options, CommandContext context) throws CommandException {
        var sockets = new LinkedHashMap<String, Path>();
        for (String given : options.list("ssh")) {
            if (given.isEmpty()) {
                continue;
            }
            int equals = given.indexOf('=');
            String written = equals < 0 ? given : given.substring(0, equals);
            String id = written.isEmpty() ? DEFAULT_AGENT : written;
            if (sockets.containsKey(id)) {
                throw BuildRequestReader.failed("duplicate agent ID " + GoText.quote(id));
            }
            String paths = equals < 0 ? "" : given.substring(equals + 1);
            sockets.put(id, agent(id, equals < 0 ? List.of() : List.of(paths.split(",", -1)), context));
        }
        return sockets;
    }

    private static Path agent(String id, List<String> paths, CommandContext context) throws CommandException {
        String refused = "failed to convert agent config {" + id + " [" + String.join(" ", paths) + "] false}: ";
        boolean none = paths.isEmpty() || paths.equals(List.of(""));
        String path = none ? context.environment().getOrDefault("SSH_AUTH_SOCK", "") : paths.getFirst();
        if (path.isEmpty()) {
            throw BuildRequestReader.failed(refused + "invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is set");
        }
        String ofAgent = refused + "failed to convert agent config for ID: " + GoText.quote(id) + ": ";
        Path socket = context.resolve(path);
        if (!Files.exists(socket)) {
            throw BuildRequestReader.failed(ofAgent + "stat " + path + ": no such file or directory");
        }
        if (Files.isRegularFile(socket) || paths.size() > 1) {
            throw BuildRequestReader.failed(ofAgent + path + " is not a socket: only an agent can be forwarded, not"
                    + " a key; `ssh-add " + path + "` adds the key to the agent");
        }
        return socket;
    }
}
