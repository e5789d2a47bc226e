package org.layerbook.engine.builder.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.layerbook.engine.builder.plan.GitAddress;
import org.layerbook.engine.builder.plan.RemoteContext;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.step.ImageSource;
import org.layerbook.engine.builder.step.StepFailedException;
import org.layerbook.engine.builder.step.ThrottledProgress;
import org.layerbook.engine.builder.tree.ArchiveUnpacker;
import org.layerbook.engine.builder.tree.TargetTree;
import org.layerbook.engine.compress.Compression;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.layer.Ownership;
import org.layerbook.engine.layer.UnpackLimits;
import org.layerbook.engine.layer.tar.TarReader;
import org.layerbook.engine.linux.LinuxFiles;

/**
 * Brings what a build is given from elsewhere into folders: repositories, files of URLs, archives. Nothing of it is
 * trusted. Failures are {@link IOException}s whose message is a sentence.
 */
public final class BuildInputs {
    /** Bytes of a file that {@link #looksLikeArchive} wants to see, if there are so many. */
    public static final int HEAD = TarReader.BLOCK;

    private final BuildServices services;

    /**
     * What was fetched.
     *
     * @param time in seconds: of a commit, of a file as the server says it, or of the newest file of an archive
     */
    public record Fetched(Path folder, Optional<Long> time) {}

    public BuildInputs(BuildServices services) {
        this.services = services;
    }

    /**
     * Checks a repository out.
     *
     * @param folder an empty one
     * @param keepGitDir whether {@code .git} stays; the address may ask for it, too
     * @return with the folder that the address means: {@code folder}, or its sub-folder
     */
    public Fetched checkout(
            RemoteContext.Git git,
            Path folder,
            boolean keepGitDir,
            ImageSource.Progress progress,
            Cancellation cancellation)
            throws IOException {
        GitAddress address = git.address();
        boolean keep = keepGitDir || address.query().keepGitDir().orElse(false);
        var repository = new GitRepository(address, Optional.empty(), services.host(), progress, cancellation);
        try {
            Path wanted = repository.checkout(folder, keep);
            return new Fetched(wanted, repository.time());
        } catch (StepFailedException e) {
            throw e.withoutPlace();
        }
    }

    /** Fetches a file; it has mode 0600 and the server's time, as BuildKit gives it. */
    public Fetched download(RemoteContext.Url url, Path file, ImageSource.Progress progress, Cancellation cancellation)
            throws IOException {
        try {
            UrlFiles.Fetched fetched =
                    new UrlFiles(services, progress, cancellation).fetch(url.url(), Optional.empty());
            Files.copy(services.content().path(fetched.content()), file);
            LinuxFiles.chmodFollowing(file, 0600);
            LinuxFiles.setTimes(file, fetched.modified(), 0);
            return new Fetched(file.getParent(), Optional.of(fetched.modified()).filter(time -> time != 0));
        } catch (StepFailedException e) {
            throw e.withoutPlace();
        }
    }

    /**
     * Whether a context is an archive and no Dockerfile: compressed, or a tar with a header that is right.
     *
     * @param head its first {@link #HEAD} bytes, or all there are
     */
    public static boolean looksLikeArchive(byte[] head) {
        return Compression.isCompressed(head) || TarReader.isBeginning(head);
    }

    private UnpackLimits limits() {
        return services.snapshots().limits();
    }

    /**
     * Unpacks a tar, compressed or not.
     *
     * @param in read to its end, not closed
     * @param title of the archive, for messages
     * @param folder takes the files with the archive's owners
     * @param warnings hears what is left out
     */
    public Fetched unpack(
            InputStream in,
            String title,
            Path folder,
            Consumer<String> warnings,
            ImageSource.Progress progress,
            Cancellation cancellation)
            throws IOException {
        Ownership ownership = services.ownership();
        var target = new TargetTree(folder, ownership, Optional.empty());
        new ArchiveUnpacker(
                        target,
                        Optional.empty(),
                        limits(),
                        warnings,
                        new ThrottledProgress(progress, "", 0),
                        cancellation)
                .unpack(in, title, "/");
        return new Fetched(folder, EpochSources.newestIn(folder));
    }

    /** A folder of the store's; whoever asked for it removes it, at the latest the next process does. */
    public Path temporaryFolder() throws IOException {
        return services.temp().directory();
    }
}
