using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Coord.JepsenLike.Clients;

/// <summary>Asks a node with a four-letter word on its client port.</summary>
internal static class FourLetterWord
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>The answer, or null when the node does not answer in time.</summary>
    public static async Task<string?> AskAsync(IPEndPoint node, string word)
    {
        using var timer = new CancellationTokenSource(Patience);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(node, timer.Token);
            await socket.SendAsync(Encoding.ASCII.GetBytes(word), SocketFlags.None, timer.Token);
            var answer = new MemoryStream();
            var buffer = new byte[4096];
            int count;
            while ((count = await socket.ReceiveAsync(buffer, SocketFlags.None, timer.Token)) > 0)
                answer.Write(buffer, 0, count);
            return Encoding.UTF8.GetString(answer.ToArray());
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>"leader", "follower", … as <c>srvr</c> tells it; null when the node does not serve.</summary>
    public static async Task<string?> ModeAsync(IPEndPoint node)
    {
        var answer = await AskAsync(node, "srvr");
        return answer?.Split('\n').Select(l => l.Trim())
            .FirstOrDefault(l => l.StartsWith("Mode: ", StringComparison.Ordinal))?["Mode: ".Length..];
    }
}
