namespace Coord.Simulation.Clients;

/// <summary>What a client knows of one of its sessions.</summary>
internal sealed class SessionLife
{
    public required int Client { get; init; }

    public required int Number { get; init; }

    public long Id { get; set; }

    public byte[] Password { get; set; } = new byte[16];

    public long TimeoutMicroseconds { get; set; }

    /// <summary>
    /// When the newest request was sent whose answer proves life (write, ping, sync, handshake): the session lives at
    /// least a timeout longer.
    /// </summary>
    public long ProvenAliveAt { get; set; } = -1;

    /// <summary>When the first node applied its end; negative while none has.</summary>
    public long EndedAt { get; set; } = -1;

    public int EndedBy { get; set; }

    /// <summary>The client asked to end it.</summary>
    public bool IsCloseSent { get; set; }

    public bool IsCloseAnswered { get; set; }

    /// <summary>The zxid of the answered close.</summary>
    public long CloseZxid { get; set; }

    /// <summary>The client forgot it, as a process that died does: it must end by itself.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>A node said that it is no more.</summary>
    public bool IsRefused { get; set; }
}
