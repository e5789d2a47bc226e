package org.layerbook.repl.doctor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.Isolation;
import org.layerbook.engine.sandbox.Privileges;

/** Looks at this machine and says what Layerbook found on it, and what is missing for more. Changes nothing. */
public final class Doctor {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Doctor() {}

    /**
     * @param environment of this process
     * @param userKernels where the user's own kernelspec would be
     * @param verify whether the whole store is read and compared
     */
    public static List<Finding> examine(
            Map<String, String> environment, HostCommands host, Path userKernels, boolean verify) throws IOException {
        var findings = new ArrayList<Finding>(JavaCheck.findings());
        var programs = new Programs(host, PATIENCE);
        var obstacles = new Obstacles(
                Path.of("/"),
                Privileges.current(),
                programs.find("newuidmap"),
                environment.containsKey(Isolation.HIDDEN_CLONE3));
        findings.add(IsolationCheck.finding(Isolation.current(), Privileges.current(), obstacles));
        findings.addAll(EngineCheck.findings(environment, host, verify));
        findings.add(Finding.good("host", "`!` and git, ssh, editors run " + host.description()));
        findings.addAll(new FrontEndCheck(programs, userKernels).findings());
        return List.copyOf(findings);
    }
}
