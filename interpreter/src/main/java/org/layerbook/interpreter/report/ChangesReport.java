package org.layerbook.interpreter.report;

import org.layerbook.engine.layer.LayerChanges;

/**
 * What {@code %files STEP} shows: what one step changed.
 *
 * @param title what changed it, as a user would name it
 */
public record ChangesReport(String title, LayerChanges changes) implements Report {}
