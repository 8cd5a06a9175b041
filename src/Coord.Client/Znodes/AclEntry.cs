namespace Coord.Client;

/// <summary>One line of an access control list.</summary>
/// <param name="Permissions">What is allowed.</param>
/// <param name="Scheme">For example <c>world</c>, <c>auth</c>, <c>digest</c>, <c>ip</c>.</param>
/// <param name="Id">Who, in the scheme's own form; empty for <c>auth</c>.</param>
/// <remarks>ZooKeeper Programmer's Guide, Access control using ACLs.</remarks>
public sealed record AclEntry(Permissions Permissions, string Scheme, string Id);
