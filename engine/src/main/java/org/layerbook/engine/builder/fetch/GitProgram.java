package org.layerbook.engine.builder.fetch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.plan.UrlCredentials;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.ImageSource;
import org.layerbook.engine.builder.step.StepFailedException;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.HostCommand;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.ProcessIo;

/**
 * Runs git outside, as the user and with the user's credentials. What decides the files of a checkout is the same for every
 * user: nothing of the user's configuration changes line ends, filters contents or runs hooks, and the umask is 022.
 */
final class GitProgram {
    private static final List<String> ARGV = List.of(
            "/bin/sh",
            "-c",
            "umask 022; exec git \"$@\"",
            "git",
            "-c",
            "advice.detachedHead=false",
            "-c",
            "init.defaultBranch=master",
            // A repository may not name folders of this host as its submodules.
            "-c",
            "protocol.file.allow=user",
            "-c",
            "core.autocrlf=false",
            "-c",
            "core.eol=lf",
            "-c",
            "core.attributesFile=/dev/null",
            "-c",
            "core.hooksPath=/dev/null");
    private static final String DEPTH = "--depth=1";
    private static final int NOT_FOUND = 127;

    private final String remote;
    private final HostCommands host;
    private final ImageSource.Progress progress;
    private final Cancellation cancellation;

    /** @param remote the repository that it works for, for messages */
    GitProgram(String remote, HostCommands host, ImageSource.Progress progress, Cancellation cancellation) {
        this.remote = UrlCredentials.hidden(remote);
        this.host = host;
        this.progress = progress;
        this.cancellation = cancellation;
    }

    /** What git prints. Without {@code --depth=1} where the server cannot do with it. */
    String run(Path folder, List<String> arguments) throws IOException, StepFailedException {
        Outcome outcome = outcome(folder, arguments);
        if (outcome.isAboutDepth() && arguments.contains(DEPTH)) {
            outcome = outcome(
                    folder,
                    arguments.stream().filter(word -> !word.equals(DEPTH)).toList());
        }
        if (outcome.status().isSuccess()) {
            return outcome.out();
        }
        if (outcome.status().code() == NOT_FOUND) {
            throw new StepFailedException(
                    BuildException.Kind.SYSTEM,
                    "cannot fetch a git repository: git is not installed",
                    Optional.of("install git"));
        }
        throw StepFailedException.invalid(
                "git " + arguments.getFirst() + " of " + remote + " failed: " + UrlCredentials.hidden(outcome.error()));
    }

    boolean succeeds(Path folder, List<String> arguments) throws IOException, StepFailedException {
        return outcome(folder, arguments).status().isSuccess();
    }

    private record Outcome(ExitStatus status, String out, String error) {
        /** Of plain files over HTTP, and of some servers, there are no shallow clones. */
        boolean isAboutDepth() {
            return !status.isSuccess() && (error.contains("--depth") || error.contains("shallow"));
        }
    }

    private Outcome outcome(Path folder, List<String> arguments) throws IOException, StepFailedException {
        var argv = new ArrayList<>(ARGV);
        argv.addAll(arguments);
        var environment = new HashMap<>(host.environment());
        environment.put("GIT_TERMINAL_PROMPT", "0");
        environment.put("GIT_LFS_SKIP_SMUDGE", "1");
        environment.put("LC_ALL", "C");
        environment.keySet().removeIf(name -> name.equals("GIT_DIR") || name.equals("GIT_WORK_TREE"));
        var out = new ByteArrayOutputStream();
        var told = new Told();
        ExitStatus status =
                host.run(new HostCommand(argv, folder, environment), ProcessIo.outputOnly(out, told), cancellation);
        if (status.wasCancelled()) {
            throw StepFailedException.cancelled();
        }
        return new Outcome(status, out.toString(StandardCharsets.UTF_8), told.reason());
    }

    /** git's standard error: what it says, and how far it says it is ({@code Receiving objects:  45% (9/20)}). */
    private final class Told extends ByteArrayOutputStream {
        private static final int MOST = 1 << 16;
        private int lineBegins;

        @Override
        public synchronized void write(int b) {
            if (b == '\r' || b == '\n') {
                line(new String(buf, lineBegins, count - lineBegins, StandardCharsets.UTF_8), b == '\r');
            } else if (count < MOST) {
                super.write(b);
            }
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
                write(bytes[i]);
            }
        }

        private void line(String text, boolean isProgress) {
            int percent = text.indexOf("% (");
            if (!isProgress && percent < 0) {
                super.write('\n');
                lineBegins = count;
                return;
            }
            count = lineBegins;
            if (percent > 3 && text.startsWith("Receiving objects:")) {
                String number = text.substring(percent - 3, percent).strip();
                if (number.matches("[0-9]{1,3}")) {
                    progress.on("fetching", Long.parseLong(number), 100);
                }
            }
        }

        String reason() {
            return toString(StandardCharsets.UTF_8).strip();
        }
    }
}
