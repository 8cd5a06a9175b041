using System.Buffers.Text;

namespace Coord.StateMachine;

/// <summary>
/// The number behind a sequential name: at least ten digits. The counter has 64 bits, so beyond 2,147,483,647 (where
/// ZooKeeper gets stuck) the numbers go on, and beyond ten digits they get longer.
/// </summary>
internal static class SequenceSuffix
{
    /// <summary>The longest suffix.</summary>
    public const int LengthMax = 19;

    /// <summary>Writes the suffix and returns its length.</summary>
    public static int Write(long counter, Span<byte> destination)
    {
        Utf8Formatter.TryFormat(counter, destination, out int length, new('D', 10));
        return length;
    }
}
