namespace Coord.Client;

/// <summary>What a create does when the path is taken.</summary>
public enum CreateIfExists
{
    /// <summary>It ends with <see cref="NodeExistsException"/> (or null, by the method).</summary>
    Fail = 0,

    /// <summary>
    /// It replaces the bytes of the znode that is there, whatever its version; kind and access control list of that
    /// znode stay. For persistent kinds without a sequence number.
    /// </summary>
    SetBytes = 1,
}
