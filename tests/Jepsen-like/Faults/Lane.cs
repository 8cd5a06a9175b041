using System.Diagnostics;
using System.Net.Sockets;
using System.Threading.Channels;
using Coord.JepsenLike.Networks;

namespace Coord.JepsenLike.Faults;

/// <summary>
/// One direction of a proxied link: bytes leave when their time has come and the gate is open, in their order.
/// </summary>
internal sealed class Lane
{
    private const int BufferBytes = 64 * 1024;

    // Pieces under way in one connection, so that a slow link holds back who sends more than it carries.
    private const int PiecesMax = 256;

    private volatile Lag lag = Lag.None;

    public Gate Gate { get; } = new();

    /// <summary>For all pieces that come from now on.</summary>
    public Lag Lag
    {
        get => lag;
        set => lag = value;
    }

    /// <summary>Passes bytes on until either socket ends.</summary>
    public async Task PumpAsync(Socket from, Socket to)
    {
        var pieces = Channel.CreateBounded<Piece>(new BoundedChannelOptions(PiecesMax)
        {
            SingleReader = true, SingleWriter = true,
        });
        var taking = TakeAsync(from, pieces.Writer);
        await GiveAsync(pieces.Reader, to);
        pieces.Writer.TryComplete();
        // Who sends without end is stopped by the caller, who resets both sockets.
        _ = taking;
    }

    private async Task TakeAsync(Socket from, ChannelWriter<Piece> pieces)
    {
        var buffer = new byte[BufferBytes];
        var due = 0L;
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer)) > 0)
            {
                var delay = (long)(lag.Draw().TotalSeconds * Stopwatch.Frequency);
                due = Math.Max(due, Stopwatch.GetTimestamp() + delay);
                await pieces.WriteAsync(new Piece(due, buffer.AsMemory(0, count).ToArray()));
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException or ChannelClosedException)
        {
            // Either side ended: what was taken is still given, if there is anybody to take it.
        }

        pieces.TryComplete();
    }

    private async Task GiveAsync(ChannelReader<Piece> pieces, Socket to)
    {
        try
        {
            await foreach (var (due, bytes) in pieces.ReadAllAsync())
            {
                var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
                if (left > TimeSpan.Zero)
                    await Task.Delay(left);
                await Gate.PassAsync();
                for (var sent = 0; sent < bytes.Length;)
                    sent += await to.SendAsync(bytes.AsMemory(sent));
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // Nobody takes it any more: the caller resets both sockets.
        }
    }

    /// <summary>Bytes, and when they may leave, in ticks of the stopwatch.</summary>
    private readonly record struct Piece(long Due, byte[] Bytes);
}
