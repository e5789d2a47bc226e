package org.layerbook.interpreter.session.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.host.Isolation;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Store;

class LocalEngineTest {
    @TempDir
    Path folder;

    @Test
    void namesImagesOfEveryStoreBeforeTheEngineIsOpen() throws IOException {
        Path own = store("own", "mine");
        Path others = store("others", "theirs");
        try (var engine = engine(own, others)) {
            assertEquals(List.of("mine:latest"), engine.imageNames("mi"));
            assertEquals(List.of("theirs:latest"), engine.imageNames("th"));
        }
    }

    @Test
    void makesNoStoreForNames() {
        Path home = folder.resolve("none");
        try (var engine = engine(home, folder)) {
            assertEquals(List.of(), engine.imageNames(""));
        }
        assertFalse(Files.exists(home));
    }

    private static LocalEngine engine(Path home, Path additional) {
        var environment =
                Map.of("LAYERBOOK_HOME", home.toString(), "LAYERBOOK_ADDITIONAL_STORES", additional.toString());
        return new LocalEngine(environment, Isolation.current().hostCommands());
    }

    /** A store with one image. */
    private Path store(String name, String image) throws IOException {
        Path home = folder.resolve(name);
        try (Store store = Store.open(home, Identity.current())) {
            var config = new ImageConfig(
                    Platform.host(), Optional.empty(), Optional.empty(), ContainerConfig.EMPTY, List.of(), List.of());
            var made = new Image(Bytes.of(config.toJson()), config, List.of(), Optional.empty());
            store.images().put(made);
            store.names().set(Reference.parse(image), made.id());
        }
        return home;
    }
}
