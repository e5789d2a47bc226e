package org.layerbook.interpreter.session.completion;

import java.util.List;

/** Names of stored images that begin with a prefix: no effect, fast, empty when unsure. */
@FunctionalInterface
public interface ImageNames {
    List<String> startingWith(String prefix);
}
