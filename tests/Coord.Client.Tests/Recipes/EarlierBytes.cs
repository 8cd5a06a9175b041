namespace Coord.Client.Tests;

/// <summary>Bytes as earlier versions wrote them: of each of the last writes the tag alone.</summary>
internal static class EarlierBytes
{
    private const int MarkLength = 4;
    private const int WriteLength = 24;
    private const int TagLength = 8;

    public static byte[] Of(byte[] bytes, int trailerAt) =>
    [
        .. bytes[..trailerAt], .. "CTG1"u8, bytes[trailerAt + MarkLength],
        .. bytes[(trailerAt + MarkLength + 1)..].Chunk(WriteLength).SelectMany(write => write[..TagLength]),
    ];
}
