package kiln.infer.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;

/// A [ChainState] in a file of its own, which is replaced as a whole.
///
/// ```
/// "KilnState" version kernel  count × (name, kind, length, numbers as 64-bit words)  CRC-32 of all before
/// ```
///
/// Big-endian, texts as `DataOutput.writeUTF` writes them; real numbers bit for bit.
final class StateFile {
    private static final String MAGIC = "KilnState";
    private static final int VERSION = 1;
    private static final int CHECKSUM_BYTES = 4;

    private StateFile() {}

    static void write(Path file, ChainState state) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeUTF(MAGIC);
            out.writeInt(VERSION);
            out.writeUTF(state.kernel());
            out.writeInt(state.values().size());
            for (var e : state.values().entrySet()) {
                out.writeUTF(e.getKey());
                boolean real = e.getValue() instanceof double[];
                out.writeBoolean(real);
                long[] words = real
                        ? Arrays.stream(state.doubles(e.getKey())).mapToLong(Double::doubleToRawLongBits).toArray()
                        : state.longs(e.getKey());
                out.writeInt(words.length);
                ByteBuffer packed = ByteBuffer.allocate(8 * words.length);
                packed.asLongBuffer().put(words);
                out.write(packed.array());
            }
            out.writeInt(checksum(bytes.toByteArray(), bytes.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        DurableFile.write(file, bytes.toByteArray());
    }

    /// {@return the state in a file, or nothing if there is no such file}
    ///
    /// @throws RunFolderException if the file is damaged, foreign or of another version
    static Optional<ChainState> read(Path file) {
        return DurableFile.read(file).map(bytes -> parsed(file, bytes));
    }

    private static ChainState parsed(Path file, byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (bytes.length < MAGIC.length() + 2 || !in.readUTF().equals(MAGIC)) {
                throw damaged(file, "it is not a state that Kiln wrote");
            }
            int version = in.readInt();
            if (version != VERSION) {
                throw damaged(file, "its format version is " + version + "; this Kiln reads version " + VERSION);
            }
            int content = bytes.length - CHECKSUM_BYTES;
            if (ByteBuffer.wrap(bytes).getInt(content) != checksum(bytes, content)) {
                throw damaged(file, "its checksum does not fit its " + bytes.length + " bytes");
            }
            var state = new ChainState.Builder(in.readUTF());
            for (int count = in.readInt(); count > 0; count--) {
                String name = in.readUTF();
                boolean real = in.readBoolean();
                long[] words = new long[in.readInt()];
                ByteBuffer.wrap(in.readNBytes(8 * words.length)).asLongBuffer().get(words);
                if (real) {
                    state.put(name, Arrays.stream(words).mapToDouble(Double::longBitsToDouble).toArray());
                } else {
                    state.put(name, words);
                }
            }
            return state.build();
        } catch (IOException | IndexOutOfBoundsException e) {
            throw damaged(file, "it is not a state that Kiln wrote");
        }
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    /// {@return the error that a state cannot be used, with what can be done}
    static RunFolderException damaged(Path file, String what) {
        return RunFolderException.damaged(file, what, file.endsWith("start.state")
                ? "restore the file from a copy; without it the run cannot be resumed, but its draws can be read."
                : "restore the file from a copy, or delete it: the chain is then drawn anew, with the same draws.");
    }
}
