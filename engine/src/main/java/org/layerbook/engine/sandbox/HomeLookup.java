package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.linux.RootedPath;
import org.layerbook.engine.linux.SmallFile;

/** The {@code HOME} that an OCI runtime gives a process by the root's {@code /etc/passwd}, for those that do without one. */
final class HomeLookup {
    private static final int FIELDS = 6;

    private HomeLookup() {}

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
        Optional<byte[]> content = Files.isReadable(passwd) ? SmallFile.read(passwd, SmallFile.TEXT) : Optional.empty();
        String text = new String(content.orElse(new byte[0]), StandardCharsets.ISO_8859_1);
        for (String line : text.lines().toList()) {
            String[] fields = line.split(":", -1);
            if (fields.length > FIELDS - 1 && fields[2].equals(Integer.toString(uid)) && !fields[5].isEmpty()) {
                return fields[5];
            }
        }
        return uid == 0 ? "/root" : "/";
    }
}
