package org.layerbook.engine.builder.copy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.layerbook.engine.builder.fetch.UrlFiles;
import org.layerbook.engine.builder.plan.Step;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.step.StepContext;
import org.layerbook.engine.builder.step.StepFailedException;
import org.layerbook.engine.builder.tree.TargetTree;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.sandbox.UserLookup;

/** ADD of a URL. The file has mode 0600 and the server's time, as BuildKit gives it. */
final class UrlSource extends FetchedSource {
    private static final int MODE = 0600;

    private final Step.Source.Url source;
    private Optional<UrlFiles.Fetched> fetched = Optional.empty();

    UrlSource(Step.Source.Url source, BuildServices services, StepContext context, CopySources owner) {
        super(services, context, owner);
        this.source = source;
    }

    @Override
    public String key() throws IOException, StepFailedException {
        UrlFiles.Fetched file = fetched();
        return (source.unpack() ? "unpack " : "") + source.fileName() + " " + file.content() + " " + file.modified();
    }

    @Override
    public void copyTo(TargetTree target, String destination, Optional<UserLookup.Owner> chown, Step.Options options)
            throws IOException, StepFailedException {
        UrlFiles.Fetched file = fetched();
        Path folder = owner.temporaryFolder();
        Path copy = folder.resolve(source.fileName());
        Files.copy(services.content().path(file.content()), copy);
        LinuxFiles.chmodFollowing(copy, MODE);
        LinuxFiles.setTimes(copy, file.modified(), 0);
        owner.writeFile(folder, source.fileName(), source.unpack(), target, destination, chown, options);
    }

    private UrlFiles.Fetched fetched() throws IOException, StepFailedException {
        if (fetched.isEmpty()) {
            var files = new UrlFiles(services, context::progress, context.cancellation());
            fetched = Optional.of(files.fetch(source.url(), source.checksum()));
        }
        return fetched.get();
    }
}
