namespace Coord.Node.Clients;

/// <summary>What a node asks of clients that come by TLS: ZooKeeper's <c>ssl.clientAuth</c>.</summary>
internal enum ClientCertificates
{
    /// <summary>No certificate is asked for.</summary>
    None,

    /// <summary>A client may show one. If it does, it must be one of the authority.</summary>
    Want,

    /// <summary>Who shows none is not let in.</summary>
    Need,
}
