using System.Buffers.Binary;
using System.Diagnostics;

namespace Coord.JepsenLike.Faults.Disks;

/// <summary>
/// Reads what the shim noted of one file (undo.c): every write that was not durable at a moment, the oldest first.
/// </summary>
internal static class UndoJournal
{
    private const int HeadBytes = 16;
    private const int NoteBytes = 32;
    private const ulong Magic = 0x314f444e_554b5344; // "DSKUNDO1"

    // Stands where a note has its offset: what was noted before is durable from a microsecond on.
    private const long Later = -1;

    /// <param name="path">Of the notes.</param>
    /// <param name="moment">When the power failed, as <see cref="Stopwatch.GetTimestamp"/> gives it.</param>
    public static List<UndoNote> Read(string path, long moment)
    {
        var bytes = File.ReadAllBytes(path);
        var notes = new List<UndoNote>();
        var microseconds = (long)(moment * (1e6 / Stopwatch.Frequency));
        if (bytes.Length < HeadBytes)
            return notes;
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Magic)
            throw new InvalidDataException($"{path} is not what the shim writes");

        // A note that was cut short is of a write that never began.
        var at = Number(bytes, 8);
        while (at + NoteBytes <= bytes.Length && at + NoteBytes + Number(bytes, at + 24) <= bytes.Length)
        {
            var count = Number(bytes, at + 24);
            var image = bytes.AsSpan((int)at + NoteBytes, (int)count).ToArray();
            if (Number(bytes, at) != Later)
                notes.Add(new UndoNote(Number(bytes, at), Number(bytes, at + 8), Number(bytes, at + 16), image));
            else if (Number(bytes, at + 8) <= microseconds)
                notes.Clear();
            at += NoteBytes + count;
        }

        return notes;
    }

    private static long Number(byte[] bytes, long at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan((int)at));
}
