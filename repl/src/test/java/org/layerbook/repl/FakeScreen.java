package org.layerbook.repl;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A screen of a fixed size. @param stdin what was piped in */
record FakeScreen(boolean hasCursor, boolean hasColour, int columns, int rows, InputStream input) implements Screen {
    static final FakeScreen PIPE = new FakeScreen(false, false, 80, 24, InputStream.nullInputStream());
    static final FakeScreen TERMINAL = new FakeScreen(true, false, 40, 10, InputStream.nullInputStream());

    static FakeScreen pipeWith(String stdin) {
        return new FakeScreen(false, false, 80, 24, new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public boolean showsErrors() {
        return hasCursor;
    }

    @Override
    public Optional<String> ask(String prompt, boolean password) {
        return Optional.empty();
    }

    @Override
    public InputStream stdin() {
        return input;
    }

    @Override
    public boolean canBeLent() {
        return hasCursor;
    }
}
