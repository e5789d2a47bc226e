package org.layerbook.engine.builder.fetch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.layerbook.engine.builder.plan.GitAddress;
import org.layerbook.engine.builder.plan.UrlCredentials;
import org.layerbook.engine.builder.step.ImageSource;
import org.layerbook.engine.builder.step.StepFailedException;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.golang.GoText;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Trees;

/** A git repository as it is now, by the rules of BuildKit's source {@code git}. */
public final class GitRepository {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final int SHA256_LENGTH = 64;

    private final GitAddress address;
    private final Optional<String> checksum;
    private final GitProgram git;
    private final ImageSource.Progress progress;
    private Optional<GitRevision> revision = Optional.empty();
    private Optional<Long> time = Optional.empty();

    /** @param checksum of the instruction, where it has one; else the address's own holds */
    public GitRepository(
            GitAddress address,
            Optional<String> checksum,
            HostCommands host,
            ImageSource.Progress progress,
            Cancellation cancellation) {
        this.address = address;
        this.checksum = checksum.or(() -> address.query().checksum());
        this.progress = progress;
        this.git = new GitProgram(address.remote(), host, progress, cancellation);
    }

    /**
     * What the ref names now; the server is asked once.
     *
     * @param folder where git may run
     */
    public GitRevision revision(Path folder) throws IOException, StepFailedException {
        if (revision.isEmpty()) {
            GitRevision found = resolve(folder);
            for (String wanted : checksum.stream().toList()) {
                if (!found.isCalled(wanted)) {
                    throw StepFailedException.invalid(
                            "expected checksum to match " + wanted + ", got " + found.hashes() + ", for " + address);
                }
            }
            revision = Optional.of(found);
        }
        return revision.get();
    }

    private GitRevision resolve(Path folder) throws IOException, StepFailedException {
        String ref = address.ref();
        if (checksum.isPresent() && !checksum.get().matches("[0-9a-fA-F]+")) {
            throw StepFailedException.invalid(
                    "invalid checksum " + checksum.get() + " for Git URL, expected hex commit hash");
        }
        if (ref.startsWith("-")) {
            throw StepFailedException.invalid("invalid git ref " + GoText.quote(ref));
        }
        if (HASH.matcher(ref).matches()) {
            return GitRevision.ofHash(ref);
        }
        if (address.query().byCommit()) {
            return byCommit(ref);
        }
        if (ref.isEmpty()) {
            String head = git.run(folder, List.of("ls-remote", "--symref", "--", address.remote(), "HEAD"));
            return GitRevision.ofDefaultBranch(head)
                    .orElseThrow(() -> StepFailedException.invalid("could not find default branch for repository: "
                            + UrlCredentials.hidden(address.remote())));
        }
        String listing = git.run(folder, List.of("ls-remote", "--", address.remote(), ref, ref + "^{}"));
        return GitRevision.of(ref, listing)
                .orElseThrow(() -> StepFailedException.invalid(
                        "repository does not contain ref " + ref + ", in " + UrlCredentials.hidden(address.remote())));
    }

    private GitRevision byCommit(String ref) throws StepFailedException {
        String commit = checksum.orElseThrow(
                () -> StepFailedException.invalid("fetch-by-commit requires a checksum or a commit SHA ref"));
        if (!HASH.matcher(commit).matches()) {
            throw StepFailedException.invalid(
                    "fetch-by-commit requires a full commit SHA checksum, got " + GoText.quote(commit));
        }
        return ref.isEmpty()
                ? GitRevision.ofHash(commit)
                : GitRevision.ofName(ref.startsWith("refs/") ? ref : "refs/heads/" + ref, commit);
    }

    /**
     * Brings the files into an empty folder.
     *
     * @return the folder that the address means: {@code folder}, or what it names below
     */
    public Path checkout(Path folder, boolean keepGitDir) throws IOException, StepFailedException {
        GitRevision wanted = revision(folder);
        init(folder, wanted);
        git.run(folder, List.of("remote", "add", "origin", address.remote()));
        progress.on("fetching", 0, 0);
        fetch(folder, wanted);
        boolean keep = keepGitDir && address.subdir().isEmpty();
        if (keep) {
            makeShallow(folder, wanted);
        }
        git.run(folder, List.of("checkout", "-q", "--detach", wanted.hash()));
        if (keep) {
            git.run(folder, List.of("remote", "set-url", "origin", UrlCredentials.hidden(address.remote())));
        }
        if (address.query().submodules()) {
            git.run(folder, List.of("submodule", "-q", "update", "--init", "--recursive", "--depth=1"));
        }
        long seconds = commitTime(folder, wanted);
        time = Optional.of(seconds);
        if (keep) {
            git.run(folder, List.of("reflog", "expire", "--all", "--expire=now"));
            Files.deleteIfExists(folder.resolve(".git/FETCH_HEAD"));
        } else {
            Trees.delete(folder.resolve(".git"));
        }
        if (address.query().commitTimes()) {
            setTimes(folder, seconds);
        }
        return subdir(folder);
    }

    /** When the commit was made, in seconds; known once it is checked out. */
    Optional<Long> time() {
        return time;
    }

    private void init(Path folder, GitRevision wanted) throws IOException, StepFailedException {
        var arguments = new ArrayList<>(List.of("init", "-q"));
        if (wanted.hash().length() == SHA256_LENGTH) {
            arguments.add("--object-format=sha256");
        }
        git.run(folder, arguments);
    }

    private void fetch(Path folder, GitRevision wanted) throws IOException, StepFailedException {
        if (wanted.name().isPresent() && !address.query().byCommit()) {
            String name = wanted.name().get();
            git.run(
                    folder,
                    List.of("fetch", "--progress", "-u", "--depth=1", "--no-tags", "origin", "+" + name + ":" + name));
        }
        if (!has(folder, wanted.hash())) {
            fetchByHash(folder, wanted.hash());
        }
        if (wanted.name().isPresent()) {
            git.run(folder, List.of("update-ref", wanted.name().get(), wanted.hash()));
        }
    }

    /** Servers may refuse to send a commit that is not the tip of something: then all that they have is asked for. */
    private void fetchByHash(Path folder, String hash) throws IOException, StepFailedException {
        List<String> shallow = List.of("fetch", "--progress", "--depth=1", "--no-tags", "origin", hash);
        if (git.succeeds(folder, shallow) && has(folder, hash)) {
            return;
        }
        var all = new ArrayList<>(List.of("fetch", "--progress", "--tags"));
        if (Files.exists(folder.resolve(".git/shallow"))) {
            all.add("--unshallow");
        }
        all.add("origin");
        git.run(folder, all);
        if (!has(folder, hash)) {
            throw StepFailedException.invalid("repository " + UrlCredentials.hidden(address.remote())
                    + " has no commit " + hash + " in its branches and tags");
        }
    }

    private boolean has(Path folder, String hash) throws IOException, StepFailedException {
        return git.succeeds(folder, List.of("cat-file", "-e", hash + "^{commit}"));
    }

    /** A {@code .git} that is kept holds one commit and one name, however much had to be fetched. */
    private void makeShallow(Path folder, GitRevision wanted) throws IOException, StepFailedException {
        if (Files.exists(folder.resolve(".git/shallow"))) {
            return;
        }
        Path all = folder.resolveSibling(folder.getFileName() + ".all");
        Files.move(folder.resolve(".git"), all);
        try {
            String name = wanted.name().orElse("refs/layerbook/wanted");
            git.run(all, List.of("--git-dir=.", "update-ref", name, wanted.hash()));
            init(folder, wanted);
            git.run(folder, List.of("remote", "add", "origin", "file://" + all));
            String here = wanted.name().map(kept -> "+" + kept + ":" + kept).orElse(name);
            git.run(folder, List.of("fetch", "-u", "--depth=1", "--no-tags", "origin", here));
        } finally {
            Trees.delete(all);
        }
    }

    private long commitTime(Path folder, GitRevision wanted) throws IOException, StepFailedException {
        String seconds = git.run(folder, List.of("log", "-1", "--format=%ct", wanted.hash() + "^{commit}"));
        try {
            return Long.parseLong(seconds.strip());
        } catch (NumberFormatException e) {
            throw StepFailedException.invalid("failed to parse commit timestamp " + GoText.quote(seconds.strip()));
        }
    }

    private static void setTimes(Path folder, long seconds) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                LinuxFiles.setTimes(file, seconds, 0);
            }
        }
    }

    /** Only real folders lead there: a link might lead out. */
    private Path subdir(Path folder) throws IOException, StepFailedException {
        Path path = folder;
        for (String name : address.subdir().split("/")) {
            path = path.resolve(name);
            Optional<FileStat> stat = LinuxFiles.lstatIfExists(path);
            if (stat.isEmpty()) {
                throw StepFailedException.invalid("subdir " + address.subdir() + " not found in " + address);
            }
            if (!stat.get().isDirectory()) {
                throw StepFailedException.invalid(
                        "git subpath " + GoText.quote(address.subdir()) + " contains non-directory "
                                + GoText.quote(folder.relativize(path).toString()));
            }
        }
        return path;
    }
}
