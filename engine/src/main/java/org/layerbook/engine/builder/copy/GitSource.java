package org.layerbook.engine.builder.copy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.layerbook.engine.builder.fetch.GitRepository;
import org.layerbook.engine.builder.plan.GitAddress;
import org.layerbook.engine.builder.plan.Step;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.step.StepContext;
import org.layerbook.engine.builder.step.StepFailedException;
import org.layerbook.engine.builder.tree.Selection;
import org.layerbook.engine.builder.tree.SourceTree;
import org.layerbook.engine.builder.tree.TargetTree;
import org.layerbook.engine.builder.tree.TreeCopier;
import org.layerbook.engine.dockerfile.IgnorePatterns;
import org.layerbook.engine.sandbox.UserLookup;

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
        this.repository = new GitRepository(
                source.address(), source.checksum(), services.host(), context::progress, context.cancellation());
    }

    @Override
    public String key() throws IOException, StepFailedException {
        GitAddress address = source.address();
        boolean withGitDir = source.keepGitDir() && address.subdir().isEmpty();
        return "git " + repository.revision(owner.temporaryFolder()).key(withGitDir) + " " + address.subdir()
                + (withGitDir ? " with .git" : "")
                + (address.query().submodules() ? "" : " without submodules");
    }

    @Override
    public void copyTo(TargetTree target, String destination, Optional<UserLookup.Owner> chown, Step.Options options)
            throws IOException, StepFailedException {
        Path folder = repository.checkout(owner.temporaryFolder(), source.keepGitDir());
        SourceTree tree = SourceTree.context(folder, IgnorePatterns.NONE);
        Selection selection = CopySources.selection(Optional.empty(), options);
        var copierOptions = new TreeCopier.Options(chown, options.mode(), selection);
        new TreeCopier(target, copierOptions, context.cancellation()).copy(tree, tree.top(), "/", destination);
    }
}
