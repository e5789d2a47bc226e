package org.layerbook.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.layerbook.engine.linux.Processes;

/** The tests that the kernel's permissions bear on, run once more as an ordinary user's root. */
class UserNamespaceTest {
    private static final List<String> CLASSES = List.of(
            "org.layerbook.engine.layer.TreeTarTest",
            "org.layerbook.engine.layer.MaliciousTarTest",
            "org.layerbook.engine.builder.HostileBuildTest",
            "org.layerbook.engine.snapshot.SnapshotsTest");

    /** Tests among them that are of no use to anybody else. */
    private static final int ROOT_ONLY = 3;

    enum Ids {
        WHOLE_RANGE("0 0 65536", "--map-auto", "none"),
        ONE("0 0 1", "--map-root-user", "slow");

        private final String mapAsRoot;
        private final String optionAsUser;
        /** Tests that would only tell the same again. */
        private final String leftOutTag;

        Ids(String mapAsRoot, String optionAsUser, String leftOutTag) {
            this.mapAsRoot = mapAsRoot;
            this.optionAsUser = optionAsUser;
            this.leftOutTag = leftOutTag;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSameHoldsInAUserNamespace(Ids ids) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/unshare")), "needs unshare: install the package util-linux");
        boolean root = Processes.uid() == 0;
        assumeTrue(unshareWorks(root, ids), "user namespaces, or newuidmap (package uidmap), may not be used here");
        List<String> command = new ArrayList<>(List.of("unshare", "--user", "--mount"));
        if (!root) {
            command.addAll(List.of("--map-root-user", ids.optionAsUser));
        }
        // As root the map is written from outside, as newuidmap would refuse ids that nobody has assigned.
        command.addAll(List.of("sh", "-c", "read go; exec \"$0\" \"$@\""));
        command.addAll(java(ids));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var in = process.outputWriter()) {
            if (root) {
                awaitNamespace(process);
                write(process, "uid_map", ids.mapAsRoot);
                write(process, "gid_map", ids.mapAsRoot);
            }
            in.write("go\n");
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), output);
    }

    private static boolean unshareWorks(boolean root, Ids ids) throws Exception {
        List<String> command = new ArrayList<>(List.of("unshare", "--user", "--mount"));
        if (!root) {
            command.addAll(List.of("--map-root-user", ids.optionAsUser));
        }
        command.add("true");
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    }

    /** {@code unshare} becomes the shell once it has entered its namespace. */
    private static void awaitNamespace(Process process) throws IOException {
        Path mine = Files.readSymbolicLink(Path.of("/proc/self/ns/user"));
        Path its = Path.of("/proc/" + process.pid() + "/ns/user");
        while (process.isAlive() && Files.readSymbolicLink(its).equals(mine)) {
            Thread.onSpinWait();
        }
    }

    private static void write(Process process, String file, String map) throws IOException {
        Files.writeString(Path.of("/proc/" + process.pid() + "/" + file), map + "\n");
    }

    private static List<String> java(Ids ids) {
        return Stream.concat(
                        Stream.of(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                                UserNamespaceTest.class.getName(),
                                ids.leftOutTag),
                        CLASSES.stream())
                .toList();
    }

    /** Runs test classes but for a tag, which comes first; exit status 0 when none of their tests failed and some ran. */
    public static void main(String[] tagAndClasses) {
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        Launcher launcher = LauncherFactory.create();
        launcher.execute(
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(Stream.of(tagAndClasses)
                                .skip(1)
                                .map(name -> selectClass(name))
                                .toList())
                        .filters(TagFilter.excludeTags(tagAndClasses[0]))
                        .build(),
                summary);
        PrintWriter out = new PrintWriter(System.out, true);
        summary.getSummary().printTo(out);
        summary.getSummary().printFailuresTo(out, 15);
        boolean fine = summary.getSummary().getTotalFailureCount() == 0
                && summary.getSummary().getTestsSucceededCount() > 0
                && summary.getSummary().getTestsAbortedCount() <= ROOT_ONLY;
        System.exit(fine ? 0 : 1);
    }
}
