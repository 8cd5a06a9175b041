using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Coord.RecipeLoad.Redis;

/// <summary>
/// A connection to Redis (RESP 2). Commands that are asked for while others are being sent leave together; replies come
/// in the order of the commands.
/// </summary>
internal sealed class RespConnection : IAsyncDisposable
{
    private const int ReadBytes = 16 * 1024;

    private readonly Lock gate = new();
    private readonly Queue<TaskCompletionSource<RespReply>> waiting = new();
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private MemoryStream pending = new();
    private MemoryStream leaving = new();
    private Task reading = Task.CompletedTask;
    private Exception? failure;
    private bool isSending;

    /// <summary>Encodes a command, to be sent any number of times.</summary>
    internal static byte[] Command(params string[] words)
    {
        var text = new StringBuilder($"*{words.Length}\r\n");
        foreach (var word in words)
            text.Append($"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    internal async Task ConnectAsync(string host)
    {
        await socket.ConnectAsync(IPEndPoint.Parse(host));
        reading = ReadAsync();
    }

    internal Task<RespReply> AskAsync(byte[] command)
    {
        // Whoever waits goes on in the reader's turn: it asks again and waits, nothing more.
        var reply = new TaskCompletionSource<RespReply>();
        lock (gate)
        {
            if (failure is not null)
                return Task.FromException<RespReply>(failure);
            waiting.Enqueue(reply);
            pending.Write(command);
            if (isSending)
                return reply.Task;
            isSending = true;
        }

        _ = SendAsync();
        return reply.Task;
    }

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        await reading;
    }

    private async Task SendAsync()
    {
        try
        {
            while (TakePending())
            {
                for (var sent = 0; sent < leaving.Length;)
                    sent += await socket.SendAsync(leaving.GetBuffer().AsMemory(sent, (int)leaving.Length - sent));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Fail(e);
        }
    }

    private bool TakePending()
    {
        lock (gate)
        {
            (pending, leaving) = (leaving, pending);
            pending.SetLength(0);
            isSending = leaving.Length > 0;
            return isSending;
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[ReadBytes];
        var held = 0;
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(held)) is var received and > 0)
                held = Answer(buffer, held + received);
            Fail(new EndOfStreamException("Redis closed the connection."));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidDataException)
        {
            Fail(e);
        }
    }

    /// <returns>How many bytes stay, at the front: the beginning of the next reply.</returns>
    private int Answer(byte[] buffer, int length)
    {
        ReadOnlySpan<byte> received = buffer.AsSpan(0, length);
        while (RespReply.TryTake(ref received, out var reply))
        {
            TaskCompletionSource<RespReply> asked;
            lock (gate)
                asked = waiting.Dequeue();
            asked.SetResult(reply);
        }

        received.CopyTo(buffer);
        return received.Length;
    }

    private void Fail(Exception e)
    {
        lock (gate)
            failure ??= e;
        while (waiting.TryDequeue(out var asked))
            asked.TrySetException(e);
    }
}
