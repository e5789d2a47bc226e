package org.layerbook.interpreter.session;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.Isolation;
import org.layerbook.interpreter.Interpreter;
import org.layerbook.interpreter.cell.CellParser;
import org.layerbook.interpreter.command.CommandCatalog;
import org.layerbook.interpreter.magic.Magics;
import org.layerbook.interpreter.session.engine.LocalEngine;

/** Opens sessions on this machine; the one place where a front-end meets the engine. */
public final class Sessions {
    private Sessions() {}

    /** What reads cells as every session does, for front-ends that colour them. */
    public static CellParser parser() {
        return new CellParser(new Magics().vocabulary(new CommandCatalog().commands()));
    }

    /** A session over the cells of {@code notebook}, absolute: it works in its folder, and leaves it out of build contexts. */
    public static Interpreter openFor(Path notebook) {
        Path folder = Optional.ofNullable(notebook.getParent()).orElse(notebook);
        return open(new SessionInterpreter.Options(folder, Optional.of(notebook)), System.getenv());
    }

    /** A session in {@code folder}, absolute, for the user whose environment this process has. Cheap: opens no store. */
    public static Interpreter open(Path folder) {
        Map<String, String> environment = System.getenv();
        return open(SessionInterpreter.Options.in(folder, environment), environment);
    }

    /** Runs what acts as the user: outside of the launcher's namespaces. Cheap: starts nothing. */
    public static HostCommands host() {
        return Isolation.current().hostCommands();
    }

    private static Interpreter open(SessionInterpreter.Options options, Map<String, String> environment) {
        var engine = new LocalEngine(environment, host());
        return SessionInterpreter.open(options, engine, new CommandCatalog());
    }
}
