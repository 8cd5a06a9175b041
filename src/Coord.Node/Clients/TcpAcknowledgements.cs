using System.Buffers.Binary;
using System.Net.Sockets;

namespace Coord.Node.Clients;

/// <summary>How much of what was sent the other side of a connection has, as the kernel counts it.</summary>
internal static class TcpAcknowledgements
{
    // Linux: SOL_TCP, TCP_INFO, and tcpi_bytes_acked in struct tcp_info.
    private const int Tcp = 6;
    private const int Info = 11;
    private const int BytesAckedOffset = 120;

    /// <summary>Bytes that were acknowledged; false when the connection is gone.</summary>
    public static bool TryRead(Socket socket, out long bytes)
    {
        bytes = 0;
        Span<byte> info = stackalloc byte[BytesAckedOffset + sizeof(long)];
        try
        {
            if (socket.GetRawSocketOption(Tcp, Info, info) < info.Length)
                return false;
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            return false;
        }

        var field = info[BytesAckedOffset..];
        bytes = BitConverter.IsLittleEndian
            ? BinaryPrimitives.ReadInt64LittleEndian(field)
            : BinaryPrimitives.ReadInt64BigEndian(field);
        return true;
    }
}
