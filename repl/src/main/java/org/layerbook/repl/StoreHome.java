package org.layerbook.repl;

import java.nio.file.Path;
import java.util.Map;

/** Where the store lies: {@code LAYERBOOK_HOME}, else the person's data folder. Never {@code user.home}. */
final class StoreHome {
    private StoreHome() {}

    static Path of(Map<String, String> environment) {
        String set = environment.getOrDefault("LAYERBOOK_HOME", "");
        if (!set.isEmpty()) {
            return Path.of(set).toAbsolutePath();
        }
        String data = environment.getOrDefault("XDG_DATA_HOME", "");
        Path folder = data.isEmpty()
                ? Path.of(environment.getOrDefault("HOME", "/root"), ".local", "share")
                : Path.of(data);
        return folder.resolve("layerbook");
    }
}
