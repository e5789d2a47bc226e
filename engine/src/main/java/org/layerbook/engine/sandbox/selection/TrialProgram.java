package org.layerbook.engine.sandbox.selection;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The smallest program there is: an ELF executable without libraries that only ends with {@link #STATUS}. With it a sandbox
 * can be tried where there is no image yet.
 */
final class TrialProgram {
    static final int STATUS = 42;

    private static final int HEADER = 64;
    private static final int SEGMENT = 56;
    private static final long ADDRESS = 0x400000;
    /** The largest page of any machine. */
    private static final long ALIGNMENT = 0x10000;

    private static final int EXECUTABLE = 2;
    private static final int LOAD = 1;
    private static final int READ_AND_EXECUTE = 5;

    private TrialProgram() {}

    /** @param machine as in {@code e_machine}; @param code calls exit_group(42) */
    private record Machine(int machine, int... code) {}

    private static Machine machine() throws IOException {
        return switch (System.getProperty("os.arch")) {
            // mov edi, 42; mov eax, 231; syscall
            case "amd64", "x86_64" -> new Machine(62, 0x00002abf, 0x00e7b800, 0x050f0000);
            // mov x0, 42; mov x8, 94; svc 0
            case "aarch64" -> new Machine(183, 0xd2800540, 0xd2800bc8, 0xd4000001);
            // li a0, 42; li a7, 94; ecall
            case "riscv64" -> new Machine(243, 0x02a00513, 0x05e00893, 0x00000073);
            case String other -> throw new IOException("unsupported architecture: " + other);
        };
    }

    /** Makes it at {@code file}. */
    static void write(Path file) throws IOException {
        Files.write(file, bytes(machine()));
        if (!file.toFile().setExecutable(true, false)) {
            throw new IOException("cannot make " + file + " executable");
        }
    }

    private static byte[] bytes(Machine machine) {
        int size = HEADER + SEGMENT + machine.code().length * Integer.BYTES;
        ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
        elf.putShort((short) EXECUTABLE).putShort((short) machine.machine()).putInt(1);
        elf.putLong(ADDRESS + HEADER + SEGMENT).putLong(HEADER).putLong(0).putInt(0);
        elf.putShort((short) HEADER).putShort((short) SEGMENT).putShort((short) 1);
        elf.position(HEADER);
        elf.putInt(LOAD).putInt(READ_AND_EXECUTE).putLong(0).putLong(ADDRESS).putLong(ADDRESS);
        elf.putLong(size).putLong(size).putLong(ALIGNMENT);
        for (int word : machine.code()) {
            elf.putInt(word);
        }
        return elf.array();
    }
}
