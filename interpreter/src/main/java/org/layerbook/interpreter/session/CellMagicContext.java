package org.layerbook.interpreter.session;

import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.interpreter.magic.BuildPort;
import org.layerbook.interpreter.magic.CellPort;
import org.layerbook.interpreter.magic.HostPort;
import org.layerbook.interpreter.magic.ImagePort;
import org.layerbook.interpreter.magic.MagicContext;
import org.layerbook.interpreter.practice.PracticeRegistry;
import org.layerbook.interpreter.report.Report;
import org.layerbook.interpreter.view.Views;
import org.layerbook.interpreter.view.layout.ViewOptions;

/** A running cell as its magics see it. */
final class CellMagicContext implements MagicContext {
    private final RunningCell cell;
    private final NestedRuns runs;
    private final SourceRange place;

    /** @param place where the magic stands */
    CellMagicContext(RunningCell cell, NestedRuns runs, SourceRange place) {
        this.cell = cell;
        this.runs = runs;
        this.place = place;
    }

    @Override
    public void show(Report report) {
        cell.output().display(Views.render(report, ViewOptions.of(cell.output().columns())));
    }

    @Override
    public void print(String text) {
        cell.output().stdout(text);
    }

    @Override
    public void printError(String text) {
        cell.output().stderr(text);
    }

    @Override
    public BuildPort build() {
        return new CellBuildPort(cell, runs);
    }

    @Override
    public ImagePort images() {
        return new CellImagePort(cell, place);
    }

    @Override
    public HostPort host() {
        return new CellHostPort(cell, place);
    }

    @Override
    public CellPort cell() {
        return new NestedCellPort(cell, runs, place);
    }

    @Override
    public PracticeRegistry practiceRegistry() {
        return cell.parts().practice();
    }
}
