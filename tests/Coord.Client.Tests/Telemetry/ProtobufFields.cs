using System.Text;

namespace Coord.Client.Tests;

/// <summary>Reads as much of a protocol buffer as it takes to find the fields of a known number.</summary>
internal static class ProtobufFields
{
    /// <summary>The text at the end of a path of field numbers, wherever it leads.</summary>
    public static IEnumerable<string> Texts(byte[] message, params int[] path) =>
        Messages(message, path).Select(Encoding.UTF8.GetString);

    /// <summary>The messages at the end of a path of field numbers.</summary>
    public static IEnumerable<byte[]> Messages(byte[] message, params int[] path) =>
        path is [var first, .. var rest]
            ? Fields(message, first).SelectMany(field => Messages(field, rest)) : [message];

    private static List<byte[]> Fields(byte[] message, int number)
    {
        var found = new List<byte[]>();
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            var length = (key & 7) switch
            {
                0 => VarintLength(message, at),
                1 => 8,
                2 => (int)Varint(message, ref at),
                5 => 4,
                var kind => throw new InvalidDataException($"wire type {kind}"),
            };
            if (key == (ulong)((number << 3) | 2))
                found.Add(message[at..(at + length)]);
            at += length;
        }

        return found;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }

    private static int VarintLength(byte[] message, int at)
    {
        var end = at;
        Varint(message, ref end);
        return end - at;
    }
}
