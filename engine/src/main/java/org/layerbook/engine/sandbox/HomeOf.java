package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.layerbook.engine.linux.RootedPath;

/** The {@code HOME} that an OCI runtime gives a process by the root's {@code /etc/passwd}, for those that do without one. */
final class HomeOf {
    private static final int FIELDS = 6;

    private HomeOf() {}

    /** The spec's environment, with {@code HOME} where it has none. */
    static List<String> withHome(ProcessSpec spec) throws IOException {
        if (spec.env().stream().anyMatch(e -> e.startsWith("HOME="))) {
            return spec.env();
        }
        List<String> env = new ArrayList<>(spec.env());
        env.add("HOME=" + home(spec.rootfs(), spec.user().uid()));
        return env;
    }

    private static String home(Path rootfs, int uid) throws IOException {
        Path passwd = RootedPath.resolve(rootfs, "/etc/passwd");
        if (Files.isReadable(passwd)) {
            for (String line : Files.readAllLines(passwd, StandardCharsets.ISO_8859_1)) {
                String[] fields = line.split(":", -1);
                if (fields.length > FIELDS - 1 && fields[2].equals(Integer.toString(uid)) && !fields[5].isEmpty()) {
                    return fields[5];
                }
            }
        }
        return uid == 0 ? "/root" : "/";
    }
}
