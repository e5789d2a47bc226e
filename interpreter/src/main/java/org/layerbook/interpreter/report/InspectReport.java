package org.layerbook.interpreter.report;

import java.util.List;
import org.layerbook.interpreter.template.GoStruct;

/** What {@code docker inspect} shows: one document an object. */
public record InspectReport(List<GoStruct> documents) implements Report {
    public InspectReport {
        documents = List.copyOf(documents);
    }
}
