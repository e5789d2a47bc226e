package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.linux.AccountFiles;
import org.layerbook.engine.linux.RootedPath;

/** The {@code HOME} that an OCI runtime gives a process by the root's {@code /etc/passwd}, for those that do without one. */
final class HomeLookup {
    private HomeLookup() {}

    /** The spec's environment, with {@code HOME} where it has none. */
    static List<String> withHome(ProcessSpec spec) throws IOException {
        if (spec.env().stream().anyMatch(e -> e.startsWith("HOME="))) {
            return spec.env();
        }
        List<String> env = new ArrayList<>(spec.env());
        int uid = spec.user().uid();
        boolean readable = Files.isReadable(RootedPath.resolve(spec.rootfs(), "/etc/passwd"));
        Optional<String> home = readable ? new AccountFiles(spec.rootfs()).home(uid) : Optional.empty();
        env.add("HOME=" + home.orElse(uid == 0 ? "/root" : "/"));
        return env;
    }
}
