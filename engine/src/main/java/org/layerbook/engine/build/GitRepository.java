package org.layerbook.engine.build;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.layer.Trees;
import org.layerbook.engine.sandbox.Cancellation;
import org.layerbook.engine.sandbox.ExitStatus;
import org.layerbook.engine.sandbox.HostCommand;
import org.layerbook.engine.sandbox.HostCommands;
import org.layerbook.engine.sandbox.ProcessIo;

/** A git repository as it is now. git runs outside, as the person, with the person's credentials. */
final class GitRepository {
    private static final int COMMIT_LENGTH = 40;

    private final GitAddress address;
    private final HostCommands host;
    private final ImageSource.Progress progress;
    private final Cancellation cancellation;
    private Optional<String> commit = Optional.empty();
    private Optional<Long> time = Optional.empty();

    GitRepository(GitAddress address, HostCommands host, ImageSource.Progress progress, Cancellation cancellation) {
        this.address = address;
        this.host = host;
        this.progress = progress;
        this.cancellation = cancellation;
    }

    /**
     * The commit that the ref is now; the server is asked once.
     *
     * @param checksum with which it has to begin
     * @param folder where git may run
     */
    String commit(Optional<String> checksum, Path folder) throws IOException, StepFailedException {
        if (commit.isEmpty()) {
            String found = resolve(folder);
            for (String wanted : List.of(checksum.orElse(""), address.checksum().orElse(""))) {
                if (!found.startsWith(wanted)) {
                    throw StepFailedException.invalid(
                            "expected checksum to match " + wanted + ", got " + found + ", for " + address);
                }
            }
            commit = Optional.of(found);
        }
        return commit.get();
    }

    private String resolve(Path folder) throws IOException, StepFailedException {
        String ref = address.ref();
        if (ref.matches("[0-9a-f]{" + COMMIT_LENGTH + "}")) {
            return ref;
        }
        if (ref.startsWith("-")) {
            throw StepFailedException.invalid("invalid git ref " + ref);
        }
        String wanted = ref.isEmpty() ? "HEAD" : ref;
        String listing = git(folder, List.of("ls-remote", "--", address.remote(), wanted, wanted + "^{}"));
        return pick(listing, wanted)
                .orElseThrow(() -> StepFailedException.invalid(
                        "repository " + Credentials.hidden(address.remote()) + " does not contain ref " + wanted));
    }

    /** A tag's commit before the tag itself; an exact name before a branch, that before others. */
    private static Optional<String> pick(String listing, String wanted) {
        List<String> names = List.of(
                "refs/tags/" + wanted + "^{}", wanted + "^{}", "refs/heads/" + wanted, "refs/tags/" + wanted, wanted);
        for (String name : names) {
            Optional<String> found = listing.lines()
                    .map(line -> line.split("\\s+", 2))
                    .filter(parts -> parts.length == 2 && parts[1].equals(name))
                    .map(parts -> parts[0])
                    .findFirst();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Brings the files into an empty folder. */
    void checkout(Path folder, boolean keepGitDir) throws IOException, StepFailedException {
        String wanted = commit(Optional.empty(), folder);
        git(folder, List.of("init", "-q"));
        git(folder, List.of("remote", "add", "origin", address.remote()));
        progress.on("fetching", 0, 0);
        if (!tryGit(folder, List.of("fetch", "--progress", "--depth=1", "--no-tags", "origin", wanted))) {
            // Servers may refuse to send a commit that is not the tip of something.
            git(folder, List.of("fetch", "--progress", "--tags", "origin", "+refs/heads/*:refs/remotes/origin/*"));
        }
        git(folder, List.of("checkout", "-q", "--detach", wanted));
        if (address.submodules()) {
            git(folder, List.of("submodule", "-q", "update", "--init", "--recursive", "--depth=1"));
        }
        time = Optional.of(
                Long.parseLong(git(folder, List.of("log", "-1", "--format=%ct")).strip()));
        if (!keepGitDir) {
            Trees.delete(folder.resolve(".git"));
        }
    }

    /** When the commit was made, in seconds; known once it is checked out. */
    Optional<Long> time() {
        return time;
    }

    private boolean tryGit(Path folder, List<String> arguments) throws IOException, StepFailedException {
        return run(folder, arguments, new ByteArrayOutputStream(), new Told()).isSuccess();
    }

    private String git(Path folder, List<String> arguments) throws IOException, StepFailedException {
        var out = new ByteArrayOutputStream();
        var told = new Told();
        ExitStatus status = run(folder, arguments, out, told);
        if (!status.isSuccess()) {
            if (status.code() == 127) {
                throw new StepFailedException(
                        BuildException.Kind.SYSTEM,
                        "a git repository needs git, which is not installed",
                        Optional.of("install git"));
            }
            throw StepFailedException.invalid("git " + arguments.getFirst() + " of "
                    + Credentials.hidden(address.remote()) + " failed: " + Credentials.hidden(told.reason()));
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private ExitStatus run(Path folder, List<String> arguments, ByteArrayOutputStream out, Told told)
            throws IOException, StepFailedException {
        var argv = new ArrayList<>(List.of("git", "-c", "advice.detachedHead=false", "-c", "init.defaultBranch=main"));
        argv.addAll(arguments);
        var environment = new HashMap<>(host.environment());
        environment.put("GIT_TERMINAL_PROMPT", "0");
        environment.put("LC_ALL", "C");
        environment.keySet().removeIf(name -> name.equals("GIT_DIR") || name.equals("GIT_WORK_TREE"));
        ExitStatus status =
                host.run(new HostCommand(argv, folder, environment), ProcessIo.outputOnly(out, told), cancellation);
        if (status.wasCancelled()) {
            throw StepFailedException.cancelled();
        }
        return status;
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
