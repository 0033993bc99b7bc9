/** Devices, administrators, keys and erasure, as the page asks for them. */
import type { circlesContract, CircleView } from '../../../shared/contract/circles.ts';
import type { ServiceImplementation } from '../../../shared/contract/contract.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { OpenedCircle } from '../circles/open-circle.ts';
import type { OpenedCircles } from '../circles/open-circles.ts';

type Service = ServiceImplementation<typeof circlesContract>;
export type DeviceOperations = Pick<
  Service,
  'removeDevice' | 'acceptLater' | 'admitDevice' | 'rotateKey' | 'grantAdministrator' | 'erase' | 'erasureStatus'
>;

export interface DevicesOptions {
  readonly circles: OpenedCircles;
  readonly view: (circle: OpenedCircle) => Promise<CircleView>;
  readonly announceSoon: () => void;
}

export function createDeviceOperations(_options: DevicesOptions): DeviceOperations {
  const notYet = async (): Promise<never> => {
    throw new WorkbenchError('invalid-state', 'This version of the workbench cannot do that yet.');
  };
  return {
    removeDevice: notYet,
    acceptLater: notYet,
    admitDevice: notYet,
    rotateKey: notYet,
    grantAdministrator: notYet,
    erase: notYet,
    erasureStatus: notYet,
  };
}
