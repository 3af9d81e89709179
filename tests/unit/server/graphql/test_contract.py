"""Every type, field, argument and nullability of the specification is in the schema, to the letter."""

import pytest
from graphql import (
    DefinitionNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    parse,
    print_ast,
)

from server.graphql.schema import schema

SPECIFIED = """
scalar DateTime
scalar UUID

type Query {
  me: User
  recording(id: UUID!): Recording
  recordings(first: Int = 20, after: String): RecordingConnection
}

type Mutation {
  startRecording(input: StartRecordingInput!): StartRecordingPayload
  controlRecording(input: ControlRecordingInput!): ControlRecordingPayload
}

type Subscription {
  recordingUpdated(sessionId: UUID!): Recording
  recordingProgress(sessionId: UUID!): RecordingProgress
}

type User {
  id: UUID!
  email: String!
  username: String!
  recordings: [Recording!]!
}

type Recording {
  id: UUID!
  title: String!
  status: RecordingStatus!
  recordingType: RecordingType!
  duration: Float
  createdAt: DateTime!
}

enum RecordingStatus {
  PREPARING
  RECORDING
  PROCESSING
  COMPLETED
  FAILED
}

enum RecordingType {
  SCREEN
  WEBCAM
  SCREEN_WEBCAM
}

input StartRecordingInput {
  title: String!
  recordingType: RecordingType!
  settings: RecordingSettingsInput
}

type RecordingConnection {
  edges: [RecordingEdge!]!
  pageInfo: PageInfo!
}

type RecordingEdge {
  node: Recording!
  cursor: String!
}

type PageInfo {
  hasNextPage: Boolean!
  hasPreviousPage: Boolean!
}
"""

Fields = dict[str, FieldDefinitionNode | InputValueDefinitionNode]
WANTED = {one.name.value: one for one in parse(SPECIFIED).definitions if hasattr(one, "name")}
OURS = {one.name.value: one for one in parse(schema.as_str()).definitions if hasattr(one, "name")}


def fields(definition: DefinitionNode) -> Fields:
    assert isinstance(definition, ObjectTypeDefinitionNode | InputObjectTypeDefinitionNode)
    return {field.name.value: field for field in definition.fields}


def arguments(field: FieldDefinitionNode | InputValueDefinitionNode) -> dict[str, str]:
    if not isinstance(field, FieldDefinitionNode):
        return {}
    return {one.name.value: f"{print_ast(one.type)} = {_default(one)}" for one in field.arguments or ()}


def _default(argument: InputValueDefinitionNode) -> str:
    return "" if argument.default_value is None else print_ast(argument.default_value)


@pytest.mark.parametrize("name", WANTED)
def test_a_type_of_the_specification_is_in_the_schema(name: str) -> None:
    wanted, ours = WANTED[name], OURS[name]
    assert type(wanted) is type(ours)
    if isinstance(wanted, ScalarTypeDefinitionNode):
        return
    if isinstance(wanted, EnumTypeDefinitionNode):
        assert isinstance(ours, EnumTypeDefinitionNode)
        assert [one.name.value for one in wanted.values] == [one.name.value for one in ours.values]
        return
    has = fields(ours)
    for field_name, field in fields(wanted).items():
        assert print_ast(field.type) == print_ast(has[field_name].type), field_name
        assert arguments(field).items() <= arguments(has[field_name]).items(), field_name


def test_what_we_add_asks_nothing_of_a_client_of_the_specification() -> None:
    """Arguments and input fields beyond the specification are optional."""
    for name, wanted in WANTED.items():
        ours = OURS[name]
        if not isinstance(ours, ObjectTypeDefinitionNode | InputObjectTypeDefinitionNode):
            continue
        for field_name, field in fields(wanted).items():
            more = arguments(fields(ours)[field_name]).keys() - arguments(field).keys()
            added = {key: arguments(fields(ours)[field_name])[key] for key in more}
            assert not [one for one in added.values() if one.split(" =")[0].endswith("!")]
        if isinstance(ours, InputObjectTypeDefinitionNode):
            added_fields = {key: one for key, one in fields(ours).items() if key not in fields(wanted)}
            assert not [key for key, one in added_fields.items() if print_ast(one.type).endswith("!")]
