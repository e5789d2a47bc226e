package org.layerbook.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RenderedTest {
    @Test
    void aFormIsPaintedOnceAndOnlyIfAskedFor() {
        var painted = new AtomicInteger();
        Rendered rendered = Rendered.text(() -> "text " + painted.incrementAndGet())
                .with(Rendered.HTML, () -> fail("nobody shows HTML here"));
        assertEquals("text 1", rendered.text());
        assertEquals("text 1", rendered.text());
        assertEquals(List.of(Rendered.TEXT, Rendered.HTML), List.copyOf(rendered.mimeTypes()));
        assertEquals(Optional.empty(), rendered.form(Rendered.JSON));
    }
}
