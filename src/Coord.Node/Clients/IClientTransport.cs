using System.Buffers;

namespace Coord.Node.Clients;

/// <summary>A client's connection as the replica loop sees it: a place for bytes, with a limit and an end.</summary>
/// <remarks>Two implementations: <see cref="ClientConnection"/> over Kestrel, and the simulator's.</remarks>
internal interface IClientTransport
{
    /// <summary>The client's address, for logs and the <c>cons</c> and <c>stat</c> words.</summary>
    string RemoteAddress { get; }

    /// <summary>
    /// Where replies and events go. Used by the replica loop only, and not after <see cref="Close"/>.
    /// </summary>
    IBufferWriter<byte> Output { get; }

    /// <summary>Sends what was written. False: the client does not read and its outbound limit is reached.</summary>
    bool Flush();

    /// <summary>Gives back the budget of requests that were answered or dropped, so that reading goes on.</summary>
    void GiveBack(int requests, long bytes);

    /// <summary>Ends the connection after what was flushed is sent. The loop has forgotten it by then.</summary>
    void Close();
}
