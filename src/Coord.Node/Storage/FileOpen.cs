namespace Coord.Node.Storage;

/// <summary>How a file is opened.</summary>
internal enum FileOpen
{
    /// <summary>For reading; it must exist.</summary>
    Read,

    /// <summary>For reading and writing; it must exist.</summary>
    Existing,

    /// <summary>For reading and writing, empty; what was there is gone.</summary>
    Create,
}
