package org.layerbook.engine.builder.step;

/** Hears what happens in a build. Called from the build's threads, never from two at once; must return soon. */
@FunctionalInterface
public interface BuildListener {
    void on(BuildEvent event);

    BuildListener NONE = event -> {};
}
