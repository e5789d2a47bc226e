package org.layerbook.engine.build;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.dockerfile.IgnorePatterns;
import org.layerbook.engine.layer.Trees;
import org.layerbook.engine.sandbox.ExitStatus;
import org.layerbook.engine.sandbox.HostCommand;
import org.layerbook.engine.sandbox.ProcessIo;

/**
 * ADD of a git repository. Its key is the commit that the branch or tag is now, asked of the server each time; the files
 * are fetched only when they are copied. git runs as the person, with the person's credentials.
 */
final class GitSource implements CopySource {
    private static final int COMMIT_LENGTH = 40;

    private final Step.Source.Git source;
    private final BuildServices services;
    private final StepContext context;
    private final CopySources owner;
    private Optional<String> commit = Optional.empty();

    GitSource(Step.Source.Git source, BuildServices services, StepContext context, CopySources owner) {
        this.source = source;
        this.services = services;
        this.context = context;
        this.owner = owner;
    }

    @Override
    public String key() throws IOException, StepFailedException {
        return "git " + commit() + " " + source.address().subdir() + (source.keepGitDir() ? " with .git" : "");
    }

    private String commit() throws IOException, StepFailedException {
        if (commit.isEmpty()) {
            String found = resolve();
            Optional<String> wrong = source.checksum().filter(wanted -> !found.startsWith(wanted));
            if (wrong.isPresent()) {
                throw StepFailedException.invalid(
                        "expected checksum to match " + wrong.get() + ", got " + found + ", for " + source.address());
            }
            commit = Optional.of(found);
        }
        return commit.get();
    }

    private String resolve() throws IOException, StepFailedException {
        String ref = source.address().ref();
        if (ref.matches("[0-9a-f]{" + COMMIT_LENGTH + "}")) {
            return ref;
        }
        if (ref.startsWith("-")) {
            throw StepFailedException.invalid("invalid git ref " + ref);
        }
        String wanted = ref.isEmpty() ? "HEAD" : ref;
        String listing = git(
                owner.temporaryFolder(),
                List.of("ls-remote", "--", source.address().remote(), wanted, wanted + "^{}"));
        return pick(listing, wanted)
                .orElseThrow(() -> StepFailedException.invalid(
                        "repository " + source.address().remote() + " does not contain ref " + wanted));
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

    @Override
    public void copyTo(TargetTree target, String destination, Optional<UserLookup.Owner> chown, Step.Options options)
            throws IOException, StepFailedException {
        Path checkout = checkout();
        SourceTree tree = SourceTree.context(checkout, IgnorePatterns.NONE);
        String path = "/" + source.address().subdir();
        SourceTree.Entry entry = tree.resolve(path)
                .orElseThrow(() ->
                        StepFailedException.invalid("subdir " + source.address().subdir() + " not found in "
                                + source.address().remote()));
        Selection selection = CopySources.selection(Optional.empty(), options);
        var copierOptions = new TreeCopier.Options(chown, options.mode(), selection, false);
        new TreeCopier(target, copierOptions, context.cancellation())
                .copy(tree, entry, UnixPaths.base(path), destination);
    }

    private Path checkout() throws IOException, StepFailedException {
        Path folder = owner.temporaryFolder();
        String remote = source.address().remote();
        git(folder, List.of("init", "-q"));
        git(folder, List.of("remote", "add", "origin", remote));
        context.progress("fetching " + source.address(), 0, 0);
        if (!tryGit(folder, List.of("fetch", "-q", "--depth=1", "--no-tags", "origin", commit()))) {
            // Servers may refuse to send a commit that is not the tip of something.
            git(folder, List.of("fetch", "-q", "--tags", "origin", "+refs/heads/*:refs/remotes/origin/*"));
        }
        git(folder, List.of("checkout", "-q", "--detach", commit()));
        git(folder, List.of("submodule", "-q", "update", "--init", "--recursive", "--depth=1"));
        if (!source.keepGitDir()) {
            Trees.delete(folder.resolve(".git"));
        }
        return folder;
    }

    @Override
    public Optional<String> changed() {
        return Optional.empty();
    }

    private boolean tryGit(Path folder, List<String> arguments) throws IOException, StepFailedException {
        return run(folder, arguments, new ByteArrayOutputStream(), new ByteArrayOutputStream())
                .isSuccess();
    }

    private String git(Path folder, List<String> arguments) throws IOException, StepFailedException {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        ExitStatus status = run(folder, arguments, out, err);
        if (!status.isSuccess()) {
            String reason = err.toString(StandardCharsets.UTF_8).strip();
            if (status.code() == 127) {
                throw new StepFailedException(
                        BuildException.Kind.SYSTEM,
                        "ADD of a git repository needs git, which is not installed",
                        Optional.of("install git"));
            }
            throw StepFailedException.invalid(
                    "git " + arguments.getFirst() + " of " + source.address().remote() + " failed: " + reason);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private ExitStatus run(Path folder, List<String> arguments, ByteArrayOutputStream out, ByteArrayOutputStream err)
            throws IOException, StepFailedException {
        var argv = new ArrayList<>(List.of("git", "-c", "advice.detachedHead=false", "-c", "init.defaultBranch=main"));
        argv.addAll(arguments);
        var environment = new HashMap<>(services.host().environment());
        environment.put("GIT_TERMINAL_PROMPT", "0");
        environment.put("LC_ALL", "C");
        environment.keySet().removeIf(name -> name.equals("GIT_DIR") || name.equals("GIT_WORK_TREE"));
        ExitStatus status = services.host()
                .run(
                        new HostCommand(argv, folder, environment),
                        ProcessIo.outputOnly(out, err),
                        context.cancellation());
        if (status.wasCancelled()) {
            throw StepFailedException.cancelled();
        }
        return status;
    }
}
