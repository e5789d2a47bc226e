package org.layerbook.interpreter.practice;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a practice registry is to be.
 *
 * @param port on which it listens; 0 for any that is free
 * @param user who may use it; everybody where absent
 * @param keep the folder in which its images stay, absolute; thrown away with the registry where absent
 */
public record PracticeSettings(int port, Optional<User> user, Optional<Path> keep) {
    public static final int DEFAULT_PORT = 5000;

    /** As Apache's htpasswd. A practice password is hashed at every request, and nobody tries to break it. */
    private static final int BCRYPT_COST = 5;

    /** @param given whether the user chose it; then it is repeated nowhere */
    public record User(String name, String password, boolean given) {
        public static final User DEFAULT = new User("student", "practice", false);

        @Override
        public String toString() {
            return name;
        }
    }

    /** The registry's configuration, as distribution 2 and 3 read it. @param port the one that was chosen */
    String configuration(int port, Path folder, Path images, String secret) {
        var text = new StringBuilder();
        text.append("version: 0.1\n");
        text.append("log: {level: warn, formatter: text}\n");
        text.append("storage:\n");
        text.append("  filesystem: {rootdirectory: ").append(quoted(images)).append("}\n");
        text.append("  delete: {enabled: true}\n");
        text.append("http: {addr: \"127.0.0.1:").append(port).append("\", secret: ");
        text.append(secret).append("}\n");
        if (user.isPresent()) {
            text.append("auth:\n  htpasswd: {realm: practice, path: ")
                    .append(quoted(folder.resolve("htpasswd")))
                    .append("}\n");
        }
        return text.toString();
    }

    /** A line of an htpasswd file. The registry reads only bcrypt, in the spelling of Apache. */
    static String htpasswd(User user) {
        String hash = BCrypt.with(BCrypt.Version.VERSION_2Y)
                .hashToString(BCRYPT_COST, user.password().toCharArray());
        return user.name() + ":" + hash + "\n";
    }

    /** bcrypt reads no more than this of a password. */
    static final int LONGEST_PASSWORD = 72;

    static boolean isTooLong(String password) {
        return password.getBytes(StandardCharsets.UTF_8).length > LONGEST_PASSWORD;
    }

    private static String quoted(Path path) {
        return "'" + path.toString().replace("'", "''") + "'";
    }
}
