using Coord.Node.Admin;
using Coord.Node.Admin.Words;
using Coord.Node.Clients;
using Coord.Node.Peers;
using Coord.Node.Tls;
using Coord.Raft;

namespace Coord.Node.Hosting;

/// <summary>
/// Everything one node is told at start: who it is, whom it belongs to, where its data is, and its limits.
/// </summary>
internal sealed record NodeSettings(NodeId Id, ClusterConfig Cluster, string DataDirectory, NodeLimits Limits)
{
    /// <summary>This node's own line of cluster.json.</summary>
    public ClusterNode Self => Cluster.Node(Id);

    /// <summary>Where this node's addresses were written.</summary>
    public NodePorts Ports { get; init; } = new("client", "peer", "admin");

    /// <summary>Who may change things through the admin port; nobody when null.</summary>
    public SuperUser? SuperUser { get; init; }

    /// <summary>Who clients are, and whom this node serves.</summary>
    public ClientAccess Access { get; init; } = ClientAccess.Open;

    /// <summary>The settings that were given, by the names they have in the file; none that keeps a secret.</summary>
    public IReadOnlyDictionary<string, string> Given { get; init; } = new Dictionary<string, string>();

    /// <summary>The four-letter words that are answered.</summary>
    public WordList Words { get; init; } = WordList.Standard;

    /// <summary>Certificates for the links between nodes; null: they are not encrypted (raft-design I5).</summary>
    public PeerTls? PeerTls { get; init; }

    /// <summary>Certificates for clients that come by TLS; null: none can.</summary>
    public ClientTls? ClientTls { get; init; }

    /// <summary>The files of both, looked at again now and then.</summary>
    public IReadOnlyList<TlsFiles> TlsFiles { get; init; } = [];

    /// <summary>Whether other nodes can come: not to a node that was started to be alone, without a file.</summary>
    public bool HasPeerPort { get; init; } = true;
}
