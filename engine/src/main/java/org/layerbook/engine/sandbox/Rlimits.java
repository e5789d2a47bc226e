package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.layerbook.engine.sandbox.ProcessSpec.Ulimit;

/** Limits of setrlimit(2) for a process: whether they may be set, and how a program sets them. */
final class Rlimits {
    private static final Path OWN = Path.of("/proc/self/limits");
    private static final String PROGRAM = "/usr/bin/prlimit";
    private static final int CAP_SYS_RESOURCE = 24;

    /** How /proc names what docker names otherwise. */
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("core", "Max core file size"),
            Map.entry("cpu", "Max cpu time"),
            Map.entry("data", "Max data size"),
            Map.entry("fsize", "Max file size"),
            Map.entry("locks", "Max file locks"),
            Map.entry("memlock", "Max locked memory"),
            Map.entry("msgqueue", "Max msgqueue size"),
            Map.entry("nice", "Max nice priority"),
            Map.entry("nofile", "Max open files"),
            Map.entry("nproc", "Max processes"),
            Map.entry("rss", "Max resident set"),
            Map.entry("rtprio", "Max realtime priority"),
            Map.entry("rttime", "Max realtime timeout"),
            Map.entry("sigpending", "Max pending signals"),
            Map.entry("stack", "Max stack size"));

    private Rlimits() {}

    /** As the kernel counts: no limit is the largest number. */
    static BigInteger unsigned(long limit) {
        return new BigInteger(Long.toUnsignedString(limit));
    }

    /** @throws SandboxException when a limit is above what this process may give another */
    static void check(ProcessSpec spec, Privileges privileges) throws SandboxException, IOException {
        boolean mayRaise = !privileges.inUserNamespace() && (privileges.capabilities() >> CAP_SYS_RESOURCE & 1) != 0;
        if (mayRaise || spec.limits().ulimits().isEmpty()) {
            return;
        }
        List<String> own = Files.readAllLines(OWN);
        for (Ulimit each : spec.limits().ulimits()) {
            check(each, own);
        }
    }

    static void check(Ulimit wanted, List<String> own) throws SandboxException {
        String title = NAMES.getOrDefault(wanted.name(), wanted.name());
        for (String line : own) {
            if (line.startsWith(title + " ")) {
                String hard = line.substring(title.length()).strip().split("\\s+")[1];
                boolean tooMuch =
                        !hard.equals("unlimited") && unsigned(wanted.hard()).compareTo(new BigInteger(hard)) > 0;
                if (tooMuch) {
                    throw new SandboxException("cannot set ulimit " + wanted.name() + "=" + wanted.hard()
                            + ": the hard limit of this process is " + hard);
                }
            }
        }
    }

    /** Words before a command that set the limits for it; none where there is nothing to set. */
    static List<String> prefix(ProcessSpec spec) throws SandboxException {
        var words = new ArrayList<String>();
        for (Ulimit each : spec.limits().ulimits()) {
            words.add("--" + each.name().toLowerCase(Locale.ROOT) + "=" + word(each.soft()) + ":" + word(each.hard()));
        }
        if (words.isEmpty()) {
            return List.of();
        }
        if (!Files.isExecutable(Path.of(PROGRAM))) {
            throw new SandboxException("ulimits need " + PROGRAM + ": install the package util-linux");
        }
        words.addFirst(PROGRAM);
        return words;
    }

    private static String word(long limit) {
        return limit == Ulimit.UNLIMITED ? "unlimited" : Long.toString(limit);
    }
}
