package org.layerbook.engine.sandbox.selection;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.sandbox.ProcessSpec;
import org.layerbook.engine.sandbox.Sandbox;
import org.layerbook.engine.sandbox.SandboxException;

/** Finds out whether a sandbox works here by running one command in it. */
public final class SandboxTrial {
    private static final String PROGRAM = "layerbook-trial";

    private SandboxTrial() {}

    /**
     * @param directory on the file system where root file systems lie, which may allow no programs; what is made there is
     *     removed again
     * @return why the command did not run, for users; empty when it did
     */
    public static Optional<String> failure(Sandbox sandbox, Path directory) throws IOException {
        Path attempt = Files.createTempDirectory(directory, "trial");
        try {
            Path root = Files.createDirectory(attempt.resolve("rootfs"));
            TrialProgram.write(root.resolve(PROGRAM));
            ByteArrayOutputStream errors = new ByteArrayOutputStream();
            ProcessIo io = ProcessIo.outputOnly(errors, errors);
            ExitStatus status = sandbox.run(spec(root), io, new Cancellation());
            return status.code() == TrialProgram.STATUS ? Optional.empty() : Optional.of(words(status, errors));
        } catch (SandboxException e) {
            return Optional.of(e.getMessage());
        } finally {
            Trees.delete(attempt);
        }
    }

    /** The first line says what happened; programs of Go let a hundred others follow. */
    private static String words(ExitStatus status, ByteArrayOutputStream errors) {
        String first =
                errors.toString(StandardCharsets.UTF_8).lines().findFirst().orElse("");
        return "a test command exited with status " + status.code() + (first.isBlank() ? "" : ": " + first.strip());
    }

    private static ProcessSpec spec(Path root) {
        return new ProcessSpec(
                root,
                false,
                List.of("/" + PROGRAM),
                List.of(),
                "/",
                ProcessSpec.Identity.ROOT,
                List.of(),
                ProcessSpec.Network.HOST,
                Optional.empty(),
                List.of());
    }
}
