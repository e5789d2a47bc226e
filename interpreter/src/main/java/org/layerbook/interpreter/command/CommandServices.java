package org.layerbook.interpreter.command;

import org.layerbook.engine.build.Builder;
import org.layerbook.engine.snapshot.Snapshots;

/** What commands work with; the same for the life of an interpreter. */
public record CommandServices(Builder builder, Snapshots snapshots) {}
