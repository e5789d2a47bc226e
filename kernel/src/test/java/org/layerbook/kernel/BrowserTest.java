package org.layerbook.kernel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The echo kernel in JupyterLab in a real browser. Runs when {@code LAYERBOOK_TEST_BROWSER} names a chromium and
 * {@code npm ci} has run in {@code src/test/browser}, which {@code ./install test} sees to; JupyterLab is
 * {@code LAYERBOOK_TEST_JUPYTER} or on the PATH. The pictures are left in {@code target/browser}.
 */
class BrowserTest {
    /** It takes 15 seconds where nothing else runs. */
    private static final Duration MOST = Duration.ofSeconds(85);

    @TempDir
    private Path folder;

    @Test
    void aUserWorksWithIt() throws Exception {
        assumeTrue(System.getenv("LAYERBOOK_TEST_BROWSER") != null, "LAYERBOOK_TEST_BROWSER names no browser");
        assumeTrue(Files.isDirectory(Path.of("src/test/browser/node_modules")), "no npm ci in src/test/browser");
        Scripts.run(folder, MOST, List.of("node", "src/test/browser/front-end.mjs", "target/browser"));
    }
}
