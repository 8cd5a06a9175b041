namespace Coord.Client;

/// <summary>Whether a create makes missing parents on the way.</summary>
public enum CreateParents
{
    /// <summary>No: a missing parent is <see cref="NoNodeException"/>.</summary>
    None = 0,

    /// <summary>As persistent znodes without bytes.</summary>
    Persistent = 1,

    /// <summary>
    /// As container znodes, which the server removes once they have lost their last child (persistent where it has
    /// none).
    /// </summary>
    Container = 2,
}
