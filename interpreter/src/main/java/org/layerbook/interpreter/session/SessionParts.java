package org.layerbook.interpreter.session;

import java.nio.file.Path;
import java.util.Optional;
import org.layerbook.interpreter.cell.CellParser;
import org.layerbook.interpreter.magic.Magics;
import org.layerbook.interpreter.practice.PracticeRegistry;
import org.layerbook.interpreter.session.context.ContextStaleness;
import org.layerbook.interpreter.session.engine.LazyEngine;
import org.layerbook.interpreter.session.help.Help;
import org.layerbook.interpreter.session.history.FailedRoot;
import org.layerbook.interpreter.session.shell.ShellContext;

/** What stays the same from cell to cell. @param failed changes in itself, as do {@code practice} and {@code staleness}. @param notebook the file that the cells stand in, where it is known */
record SessionParts(
        CellParser parser,
        Magics magics,
        Help help,
        LazyEngine engine,
        FailedRoot failed,
        PracticeRegistry practice,
        ContextStaleness staleness,
        Optional<Path> notebook) {
    /** What reads the user's cells. */
    CellParser parser(ShellContext shell) {
        return parser.withShellFallback(shell.shellFallback());
    }

    InstructionContext instructionContext(ShellContext shell) {
        return new InstructionContext(engine, failed, staleness, shell, notebook);
    }
}
