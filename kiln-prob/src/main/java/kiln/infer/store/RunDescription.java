package kiln.infer.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.zip.CRC32;
import kiln.array.Diagnosis;

/// What a run is, as lines of text: everything that its draws depend on, so that only the same run goes on in its folder.
///
/// ```
/// format: 2
/// kernel: NUTS: maxTreeDepth=10, HMCSettings[…]
/// checksum: 5f3a91c2
/// ```
///
/// @param fields value by name, in order; neither contains a line break
record RunDescription(SequencedMap<String, String> fields) {
    RunDescription {
        fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
    }

    private String lines() {
        var text = new StringBuilder();
        fields.forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
        return text.toString();
    }

    void write(Path file) {
        DurableFile.write(file, (lines() + "checksum: " + Long.toHexString(checksum()) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /// {@return a number that tells descriptions apart}
    long checksum() {
        return checksum(lines());
    }

    static RunDescription read(Path file, byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        int last = text.lastIndexOf("checksum: ");
        if (last < 0 || !text.startsWith("format: ")) {
            throw damaged(file, "it is not a description that Kiln wrote");
        }
        String lines = text.substring(0, last);
        if (!text.substring(last).equals("checksum: " + Long.toHexString(checksum(lines)) + "\n")) {
            throw damaged(file, "its checksum does not fit its text");
        }
        var fields = new LinkedHashMap<String, String>();
        lines.lines().forEach(line -> {
            int colon = line.indexOf(": ");
            fields.put(line.substring(0, colon), line.substring(colon + 2));
        });
        return new RunDescription(fields);
    }

    private static long checksum(String lines) {
        CRC32 crc = new CRC32();
        crc.update(lines.getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }

    private static RunFolderException damaged(Path file, String what) {
        return RunFolderException.damaged(
                file, what, "restore the file from a copy; without it the run cannot be resumed, but its draws can be read.");
    }

    /// Refuses to go on with another run.
    ///
    /// @param file   where this description was read
    /// @param wanted the run that is to go on
    /// @throws RunFolderException naming everything that differs
    void require(Path file, RunDescription wanted) {
        String format = fields.getOrDefault("format", "nothing");
        String wantedFormat = wanted.fields.getOrDefault("format", "nothing");
        if (!format.equals(wantedFormat)) {
            // Names and values of the other lines may have changed with it.
            throw new RunFolderException(new Diagnosis("resume", "the run was begun by another version of Kiln, see " + file)
                    .expected("format " + format)
                    .got("format " + wantedFormat)
                    .fix("finish the run with the version of Kiln that began it; its draws can be read by any."));
        }
        List<String> expected = new ArrayList<>();
        List<String> got = new ArrayList<>();
        var names = new LinkedHashSet<>(wanted.fields.keySet());
        names.addAll(fields.keySet());
        for (String name : names) {
            String here = fields.getOrDefault(name, "nothing");
            String now = wanted.fields.getOrDefault(name, "nothing");
            if (!here.equals(now)) {
                expected.add(name + " " + here);
                got.add(name + " " + now);
            }
        }
        if (!got.isEmpty()) {
            throw new RunFolderException(new Diagnosis("resume", "the folder holds another run, described in " + file)
                    .expected(String.join("\n", expected))
                    .got(String.join("\n", got))
                    .fix("resume with the model, data and settings that the run began with, or run(key) in another folder."));
        }
    }
}
