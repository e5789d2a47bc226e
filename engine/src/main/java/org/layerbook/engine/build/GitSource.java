package org.layerbook.engine.build;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.layerbook.engine.dockerfile.IgnorePatterns;
import org.layerbook.engine.golang.GoPath;

/**
 * ADD of a git repository. Its key is the commit that the branch or tag is now, asked of the server each time; the files
 * are fetched only when they are copied.
 */
final class GitSource extends FetchedSource {
    private final Step.Source.Git source;
    private final GitRepository repository;

    GitSource(Step.Source.Git source, BuildServices services, StepContext context, CopySources owner) {
        super(services, context, owner);
        this.source = source;
        this.repository =
                new GitRepository(source.address(), services.host(), context::progress, context.cancellation());
    }

    @Override
    public String key() throws IOException, StepFailedException {
        GitAddress address = source.address();
        return "git " + repository.commit(source.checksum(), owner.temporaryFolder()) + " " + address.subdir()
                + (source.keepGitDir() ? " with .git" : "") + (address.submodules() ? "" : " without submodules");
    }

    @Override
    public void copyTo(TargetTree target, String destination, Optional<UserLookup.Owner> chown, Step.Options options)
            throws IOException, StepFailedException {
        Path checkout = owner.temporaryFolder();
        repository.checkout(checkout, source.keepGitDir());
        SourceTree tree = SourceTree.context(checkout, IgnorePatterns.NONE);
        String path = "/" + source.address().subdir();
        SourceTree.Entry entry = tree.resolve(path)
                .orElseThrow(() -> StepFailedException.invalid(
                        "subdir " + source.address().subdir() + " not found in " + source.address()));
        Selection selection = CopySources.selection(Optional.empty(), options);
        var copierOptions = new TreeCopier.Options(chown, options.mode(), selection);
        new TreeCopier(target, copierOptions, context.cancellation()).copy(tree, entry, GoPath.base(path), destination);
    }
}
